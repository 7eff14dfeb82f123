namespace CanaryFunctions.Simulator.Api;

/// <summary>A Service's port, as a webhook's clientConfig.service or the service proxy names it.</summary>
/// <param name="Namespace">The Service's namespace.</param>
/// <param name="Name">The Service's name.</param>
/// <param name="Port">The port: a number, or the port's name.</param>
public sealed record ServiceAddress(string Namespace, string Name, string Port);
