using System.Reflection;
using System.Text.RegularExpressions;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers;
using CanaryFunctions.Providers.Routers.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>The table of providers and what they can do, made from what the code declares. Providers that declare the same share a row.</summary>
internal static partial class ProviderTable
{
    private static readonly string[] Head =
        ["Provider", "Weights", "A/B `match`", "Mirroring", "Session affinity", "Objects that are written", "`request-success-rate` reads", "`request-duration` is", "Guide that runs in the embedded cluster"];

    private static readonly (RouterCapabilities Flag, string Name)[] Optional =
        [(RouterCapabilities.HeaderMatch, Head[2]), (RouterCapabilities.Mirroring, Head[3]), (RouterCapabilities.SessionAffinity, Head[4])];

    public static string Markdown()
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton<IHttpCaller, NoCalls>().AddProviders().BuildServiceProvider();
        var checks = services.GetRequiredService<Catalog<IBuiltInChecks>>();
        var rows = services.GetServices<ITrafficRouter>()
            .Select(r => (r.Name, Cells: Cells(r, checks.Find(r.Name)!)))
            .GroupBy(r => string.Join('|', r.Cells))
            .Select(g => $"| {string.Join(", ", g.Select(r => $"`{r.Name}`"))} | {string.Join(" | ", g.First().Cells)} | {Guides(g.Select(r => r.Name))} |");
        return string.Join('\n', [$"| {string.Join(" | ", Head)} |", $"|{string.Concat(Enumerable.Repeat("---|", Head.Length))}", .. rows]);
    }

    private static string[] Cells(ITrafficRouter router, IBuiltInChecks checks) =>
    [
        "yes",
        .. Optional.Select(o => router.Capabilities.HasFlag(o.Flag) ? "yes" : "refused"),
        Objects((IDrivesKinds)router),
        string.Join(", ", MetricName().Matches(checks.SuccessRateQuery).Select(m => $"`{m.Groups[1].Value}`").Distinct()),
        $"{(Quantile().Match(checks.DurationQuery) is { Success: true } q ? $"P{q.Groups[1].Value}" : "mean")} of {string.Join(", ", MetricName().Matches(checks.DurationQuery).Select(m => $"`{Base(m.Groups[1].Value)}`").Distinct())}",
    ];

    private static string Objects(IDrivesKinds router)
    {
        var kinds = router.Drives.Select(k => $"{k.Kind} `{k.Group}`{(k.Versions.Count > 0 ? $" {string.Join(", ", k.Versions)}" : "")}").ToList();
        return string.Join(router.OneWillDo ? ", else " : " and ", kinds);
    }

    private static string Base(string series) => series.Replace("_bucket", "", StringComparison.Ordinal).Replace("_sum", "", StringComparison.Ordinal).Replace("_count", "", StringComparison.Ordinal);

    private static string Guides(IEnumerable<string> providers)
    {
        var guides = Assembly.Load("canary").GetType("CanaryFunctions.Cli.Guides", throwOnError: true)!;
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var names = (IReadOnlyList<string>)guides.GetProperty("Names", Any)!.GetValue(null)!;
        var links = providers.Where(names.Contains).Select(p => $"[{p}](examples/{guides.GetMethod("FolderOf", Any)!.Invoke(null, [p])})").ToList();
        return links.Count > 0 ? string.Join(", ", links) : "none";
    }

    [GeneratedRegex(@"\b([a-z_]+[a-z])\{")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"histogram_quantile\( ?0\.(\d+)")]
    private static partial Regex Quantile();

    private sealed class NoCalls : IHttpCaller
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new InvalidOperationException($"{call.Url} was called.");
    }
}
