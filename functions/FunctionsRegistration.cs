using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Hosting.Publishing;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Kubernetes.Clusters;

namespace CanaryFunctions.Functions;

/// <summary>The functions as every host gets them: behind the Functions host, in containers, in the demo.</summary>
public static class FunctionsRegistration
{
    /// <summary>For one cluster, whatever messages call it.</summary>
    public static IServiceCollection AddCanaryFunctions(this IServiceCollection services) => services.AddFunctionClasses().AddSingleton(Registry());

    /// <summary>For several clusters, in the place of everything that is about one: client, HTTP caller, providers and core.</summary>
    public static IServiceCollection AddCanaryFleet(this IServiceCollection services, IReadOnlyList<ClusterSettings> clusters) => services
        .AddSingleton<ConnectionPools>()
        .AddSingleton(shared => new Fleet(clusters, shared))
        .AddSingleton(Registry());

    /// <summary>The functions of one cluster.</summary>
    internal static IServiceCollection AddFunctionClasses(this IServiceCollection services) => services
        .AddSingleton<AdvanceRollout>()
        .AddSingleton<DeliverNotice>()
        .AddSingleton<FanOutNotice>()
        .AddSingleton<SweepRollouts>();

    /// <summary>What the Functions host is told of them.</summary>
    public static FunctionFolders Folders(QueueBinding queue) => new FunctionFolders(queue)
        .Add<AdvanceRollout>()
        .Add<DeliverNotice>()
        .Add<FanOutNotice>()
        .Add<SweepRollouts>();

    private static FunctionRegistry Registry() => new FunctionRegistry()
        .Queue(nameof(AdvanceRollout), QueueNames.Steps, MessageJson.Default.StepMessage,
            (services, step, ct) => Of<AdvanceRollout>(services, step.Message.Cluster).RunAsync(step, ct), step => step.Cluster is { } cluster ? $"{step.Key}/{cluster}" : $"{step.Key}")
        .Queue(nameof(DeliverNotice), QueueNames.Deliveries, MessageJson.Default.Delivery,
            (services, delivery, ct) => Of<DeliverNotice>(services, delivery.Message.Notice.Cluster).RunAsync(delivery, ct))
        .Queue(nameof(FanOutNotice), QueueNames.Notices, MessageJson.Default.Notice,
            (services, notice, ct) => Of<FanOutNotice>(services, notice.Message.Cluster).RunAsync(notice, ct))
        .Timer(nameof(SweepRollouts), SweepRollouts.Schedule, (services, ct) => services.GetService<Fleet>()?.SweepAsync(ct) ?? services.GetRequiredService<SweepRollouts>().RunAsync(ct), runOnStartup: true);

    // A queue is the app's, what its messages are about is a cluster's.
    private static T Of<T>(IServiceProvider services, string? cluster)
        where T : class
        => (services.GetService<Fleet>()?.For(cluster) ?? services).GetRequiredService<T>();
}
