using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.OpenApi;

/// <summary>What /version says: recent enough that clients use today's features, and some pick their binary by it.</summary>
internal static class ServerVersion
{
    public const string Git = "v1.32.0";

    public static JsonObject Document() => new()
    {
        ["major"] = "1",
        ["minor"] = "32",
        ["gitVersion"] = Git,
        ["gitCommit"] = "0000000000000000000000000000000000000000",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2024-12-11T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "none",
        ["platform"] = "embedded/any",
    };
}
