using CanaryFunctions.TestKit;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>The webhooks of the behaviours, one a path, and the conversion of gadgets.</summary>
internal sealed class ReviewServer : WebhookStub
{
    internal const string ConversionPath = "/convert";

    private ReviewServer() => On(ConversionPath, GadgetConversion.Answer);

    internal static async Task<ReviewServer> StartAsync()
    {
        var server = new ReviewServer();
        await server.ListenAsync();
        return server;
    }
}
