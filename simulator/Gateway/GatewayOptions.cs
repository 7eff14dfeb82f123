namespace CanaryFunctions.Simulator.Gateway;

public sealed class GatewayOptions
{
    /// <summary>0 for a free port, the default.</summary>
    public int Port { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
