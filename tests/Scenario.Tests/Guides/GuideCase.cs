using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Scenario.Tests.Staging;

namespace CanaryFunctions.Scenario.Tests.Guides;

/// <summary>What one guide has that the others have differently.</summary>
internal sealed record GuideCase(string Provider)
{
    internal GuideScript Script => GuideScript.Of(Provider);

    /// <summary>The install's provider, where the guide's Canary names none.</summary>
    internal string Install { get; init; } = "";

    /// <summary>The kind and name of the generated object that splits the traffic.</summary>
    internal required (ResourceKind Kind, string Name) Split { get; init; }

    /// <summary>The canary's percentage by that object; at rest 0, in whatever form the provider wants it.</summary>
    internal required Func<JsonObject, double> ShareOf { get; init; }

    /// <summary>What is generated besides Deployments, Services and autoscalers.</summary>
    internal required IReadOnlyList<(ResourceKind Kind, string[] Names)> Generated { get; init; }

    /// <summary>The kind of the user's own route, called like the application; null where there is none.</summary>
    internal ResourceKind? UsersRoute { get; init; }

    /// <summary>Whether the split is users' only way to the application, so that it outlives the Canary.</summary>
    internal bool KeepsSplit { get; init; }

    /// <summary>Weights of a release.</summary>
    internal IReadOnlyList<int> Steps { get; init; } = [.. Enumerable.Range(1, 10).Select(i => 5 * i)];

    internal int Threshold { get; init; } = 10;

    /// <summary>Events of the hook that is asked before a release, and of the one before its first weight.</summary>
    internal string[] BeforeRelease { get; init; } = [];

    internal string[] BeforeTraffic { get; init; } = ["Pre-rollout check acceptance-test passed"];

    /// <summary>Where users reach the application.</summary>
    internal string Users { get; init; } = $"http://{Stage.Host}/";

    /// <summary>Where requests go that must fail the canary.</summary>
    internal string Failing { get; init; } = $"http://{Stage.Host}/";

    /// <summary>A request whose answer takes too long.</summary>
    internal string SlowPath { get; init; } = "delay/2";

    /// <summary>Names of the definitions that the cluster lacks.</summary>
    internal IReadOnlyList<string> WithoutDefinitions { get; init; } = [];

    /// <summary>The section on custom metrics; null where the guide has none.</summary>
    internal CustomMetric? Metric { get; init; }

    internal StageOptions Options => new()
    {
        Provider = Install,
        Guide = Provider,

        // What a definition's going changes is looked up again at once, not within a minute.
        Client = new() { DiscoveryAge = WithoutDefinitions.Count > 0 ? TimeSpan.Zero : new KubernetesClientOptions().DiscoveryAge },
        Kinds = [.. Generated.Select(g => g.Kind).Append(UsersRoute).OfType<ResourceKind>().Except([Kinds.Ingress]).Distinct()],
    };

    /// <summary>The tag of the guide's manifests.</summary>
    internal string FirstTag => Cli.Guides.Objects(Provider).Single(o => o.Text("kind") == "Deployment" && o.Name() == Stage.App)
        .ListAt("spec", "template", "spec", "containers").Single().Text("image")!.Split(':')[^1];
}

/// <summary>A guide's own check.</summary>
/// <param name="Name">As events write it.</param>
/// <param name="Template">Name of the MetricTemplate, whose files are <c>metrictemplate.yaml</c> and <c>metrictemplate-literal.yaml</c>.</param>
/// <param name="BadPath">Requests to it must fail the check, and no other.</param>
internal sealed record CustomMetric(string Name, string Template, double Max, string BadPath)
{
    /// <summary>What has to be seen when a good release was stopped by the guide's literal template. Gets the release's events, and the tag that the primary serves.</summary>
    internal required Func<Scene, GuideCase, IReadOnlyList<string>, string, Task> ShouldTellLiteral { get; init; }

    /// <summary>The literal template cannot be asked at all, so the release is held until its progress deadline.</summary>
    internal bool HoldsLiteral { get; init; }

    /// <summary>What the event of a halt says, after <c>advancement</c>: a regular expression.</summary>
    internal string Halt => $@"{Name} \d+\.\d\d > {Max}";

    /// <summary>Leaves no other check in an analysis, so that it is this one that decides.</summary>
    internal void Only(JsonObject analysis) => analysis["metrics"] = new JsonArray(new JsonObject
    {
        ["name"] = Name,
        ["templateRef"] = new JsonObject { ["name"] = Template },
        ["thresholdRange"] = new JsonObject { ["max"] = Max },
        ["interval"] = "1m",
    });
}
