using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>The guide's promotion, played once and looked at from many sides.</summary>
public sealed class PromotionStory : IAsyncLifetime
{
    internal const string NewTag = "4.0.6";

    internal Stage Stage { get; private set; } = null!;

    /// <summary>What <c>kubectl get canaries</c> gets: column names, and the cells of the row.</summary>
    internal IReadOnlyDictionary<string, string> Columns { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        Stage = await Stage.InitializedAsync();
        await Stage.ReleaseAsync(NewTag, CanaryPhase.Succeeded);
        await Stage.UntilAsync(() => Stage.Chat.Count >= 6, "three alerts come at two chats");
        Columns = await TableAsync();
    }

    public async Task DisposeAsync() => await Stage.DisposeAsync();

    private async Task<IReadOnlyDictionary<string, string>> TableAsync()
    {
        using var http = Stage.Playground.Cluster.ApiServer.CreateClient();
        http.DefaultRequestHeaders.Add("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        var table = JsonNode.Parse(await http.GetStringAsync(new Uri("apis/flagger.app/v1beta1/namespaces/test/canaries", UriKind.Relative)))!;
        var names = table["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.GetValue<string>());
        var cells = table["rows"]!.AsArray().Single()!["cells"]!.AsArray().Select(c => c?.ToString() ?? "");
        return names.Zip(cells).ToDictionary(c => c.First, c => c.Second);
    }
}
