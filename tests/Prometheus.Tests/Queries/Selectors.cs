using System.Text.RegularExpressions;
using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Prometheus.Tests.Queries;

/// <summary>Writes selectors that mostly find something in the recorded history, and the strings that go with labels.</summary>
internal sealed class Selectors(int seed)
{
    private static readonly string[] SmallNames = ["temperature", "odd", "limit", "build_info"];
    private static readonly string[] LabelsInUse = ["room", "floor", "code", "status", "le", "response_code", "reporter", "route", "envoy_cluster_name", "classification", "version"];
    private static readonly Labels[] Recorded = [.. RecordedHistory.Series.Select(s => s.Labels)];
    private static readonly Labels[] RecordedBuckets = [.. Recorded.Where(l => l.Name.EndsWith("_bucket", StringComparison.Ordinal))];

    private readonly Random _random = new(seed);

    public string Name() => Pick(SmallNames);

    /// <summary>Half of them select few series, so that joins have partners and answers stay small.</summary>
    public string Instant() => _random.Next(2) == 0 ? Small() : Matching(Pick(Recorded));

    public string Buckets() => Matching(Pick(RecordedBuckets).With("le", ""));

    public string LabelNames() => string.Join(", ", Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(LabelsInUse)));

    /// <summary>The arguments of <c>label_replace</c> after the vector.</summary>
    public string Replacement() => $"\"{Pick(["room", "new", "le"])}\", \"{Pick(["$1", "x-$1-$2", "${1}0", "$0", "$$", "", "$first"])}\", \"{Pick(["room", "floor", "code", "none"])}\", "
        + $"\"{Pick(["(.*)", "(.)(.*)", "(?P<first>[a-z]+)", "h.*", "(\\\\d+)", "", "[[:alpha:]]+"])}\"";

    private string Small() => Name() + _random.Next(4) switch
    {
        0 => "",
        1 => $"{{room=\"{Pick(["attic", "hall", "nowhere"])}\"}}",
        2 => $"{{room=~\"{Pick(["a.*", "(?i)HALL", "attic|hall", "[a-h]+", "[^a]+", "h\\\\w{3}", "^hall$", "", ".+", "[[:alpha:]]{4}", "\\\\Qhall\\\\E", "k?itchen|a(tt)+ic"])}\"}}",
        _ => $"{{floor!=\"{_random.Next(3)}\", room!~\"{Pick(["k.*", "", "hall|attic"])}\"}}",
    };

    private string Matching(Labels labels)
    {
        var matchers = labels.Pairs.Where(p => p.Key != Labels.MetricName && (p.Key != "le" || _random.Next(3) == 0) && _random.Next(4) > 0).Select(p => _random.Next(6) switch
        {
            0 => $"{p.Key}=~\"{Prefix(p.Value)}.*\"",
            1 => $"{p.Key}!~\"{Prefix(p.Value)}[x-z]\"",
            2 => $"{p.Key}!=\"\"",
            _ => $"{p.Key}=\"{p.Value}\"",
        });
        return $"{labels.Name}{{{string.Join(", ", matchers)}}}";
    }

    private string Prefix(string value) => Regex.Escape(value[.._random.Next(1, value.Length + 1)]).Replace("\\", "\\\\", StringComparison.Ordinal);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
