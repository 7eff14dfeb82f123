using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Delivering;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Engine.Applying;
using CanaryFunctions.Core.Engine.Checks;
using CanaryFunctions.Core.Engine.Schemas;
using CanaryFunctions.Core.Sweeping;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core;

public static class CoreRegistration
{
    /// <summary>
    /// The engine and what belongs to it. The host adds the ports (<see cref="Ports.IClusterClient"/>, <see cref="Ports.IStepQueue"/>,
    /// <see cref="Ports.IHttpCaller"/>, <see cref="TimeProvider"/>), the provider catalogues, and <see cref="CanaryOptions"/>.
    /// </summary>
    public static IServiceCollection AddCanaryCore(this IServiceCollection services) => services
        .AddAdmission()
        .AddSingleton<AlertAddresses>()
        .AddSingleton<CheckRunner>()
        .AddSingleton<DeliveryClaims>()
        .AddSingleton<DeliveryHandler>()
        .AddSingleton<DeliverySender>()
        .AddSingleton<EventRecorder>()
        .AddSingleton<HookCaller>()
        .AddSingleton<MetricChecker>()
        .AddSingleton<NoticeHandler>()
        .AddSingleton<Outbox>()
        .AddSingleton<RolloutEngine>()
        .AddSingleton<SchemaGuard>()
        .AddSingleton<SchemaHold>()
        .AddSingleton<SnapshotReader>()
        .AddSingleton<StatusEdits>()
        .AddSingleton<StepApplier>()
        .AddSingleton<StepHandler>()
        .AddSingleton<Sweeper>();
}
