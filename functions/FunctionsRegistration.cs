using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Hosting.Publishing;

namespace CanaryFunctions.Functions;

/// <summary>The functions as every host gets them: behind the Functions host, in containers, in the demo.</summary>
public static class FunctionsRegistration
{
    public static IServiceCollection AddCanaryFunctions(this IServiceCollection services) => services
        .AddSingleton<AdvanceRollout>()
        .AddSingleton<DeliverNotice>()
        .AddSingleton<FanOutNotice>()
        .AddSingleton<SweepRollouts>()
        .AddSingleton(Registry());

    /// <summary>What the Functions host is told of them.</summary>
    public static FunctionFolders Folders(QueueBinding queue) => new FunctionFolders(queue)
        .Add<AdvanceRollout>()
        .Add<DeliverNotice>()
        .Add<FanOutNotice>()
        .Add<SweepRollouts>();

    private static FunctionRegistry Registry() => new FunctionRegistry()
        .Queue(nameof(AdvanceRollout), QueueNames.Steps, MessageJson.Default.StepMessage,
            (services, step, ct) => services.GetRequiredService<AdvanceRollout>().RunAsync(step, ct), step => step.Key.ToString())
        .Queue(nameof(DeliverNotice), QueueNames.Deliveries, MessageJson.Default.Delivery,
            (services, delivery, ct) => services.GetRequiredService<DeliverNotice>().RunAsync(delivery, ct))
        .Queue(nameof(FanOutNotice), QueueNames.Notices, MessageJson.Default.Notice,
            (services, notice, ct) => services.GetRequiredService<FanOutNotice>().RunAsync(notice, ct))
        .Timer(nameof(SweepRollouts), SweepRollouts.Schedule, (services, ct) => services.GetRequiredService<SweepRollouts>().RunAsync(ct), runOnStartup: true);
}
