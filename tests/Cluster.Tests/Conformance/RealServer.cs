using CanaryFunctions.Cluster.Tests.RealParts;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>Kubernetes 1.20, where it is installed.</summary>
public sealed class RealServer : TestedServer
{
    private ControlPlane? _plane;

    protected override async Task<HttpClient?> StartAsync()
    {
        if (Assets.WhySkip is not null)
        {
            return null;
        }

        _plane = await ControlPlane.StartAsync();
        return _plane.CreateHttpClient();
    }

    protected override async Task StopAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }
    }
}
