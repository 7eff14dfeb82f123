using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Admission.Cluster;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>
/// One case of <c>tests/testdata/validation</c>: what a user writes into a good object (<c>input.yaml</c>, a merge patch of <c>canary.yaml</c> and its like), what was
/// stored before (<c>old.yaml</c>, the same), what the cluster holds (<c>cluster.yaml</c>; without it nothing is known) and the install's settings.
/// </summary>
internal sealed class ValidationCase
{
    private readonly Golden _golden;
    private readonly CanaryOptions _options;

    private ValidationCase(string name)
    {
        (Name, _golden) = (name, Golden.Load("validation", "", name, GoldenFormat.Text));
        _options = Settings(_golden.Find("settings.yaml"));
    }

    public static IReadOnlyList<string> All => Golden.Cases("validation", "");

    public string Name { get; }

    /// <summary>The first comment: what is wrong, after the part of the page that it belongs to.</summary>
    public (string Section, string Title) Heading
    {
        get
        {
            var line = File("input.yaml").Split('\n')[0];
            var parts = line.TrimStart('#', ' ').Split(": ", 2);
            return parts.Length == 2 && line[0] == '#' ? (parts[0], parts[1]) : throw new InvalidDataException($"{Name}/input.yaml has to begin with '# Section: title'");
        }
    }

    public static ValidationCase Load(string name) => new(name);

    /// <summary>A file without its comments at the top; empty when there is none.</summary>
    public string File(string name) => _golden.Find(name) ?? "";

    public void AssertMatches(string answer) => _golden.AssertMatchesText(answer);

    /// <summary>What kubectl prints for <c>kubectl apply</c>.</summary>
    public string Answer()
    {
        var version = _golden.Input.Text("apiVersion") ?? ApiVersions.V1Beta1;
        var old = _golden.Find("old.yaml") is { } yaml ? Merge(Good(ApiVersions.V1Beta1), (JsonObject)YamlText.Read(yaml)!) : null;
        return KubectlApply.Answer(Merge(old?.Copy() ?? Good(version), _golden.Input), old, Index(), _options);
    }

    private static CanaryOptions Settings(string? yaml)
    {
        var settings = yaml is null ? [] : (JsonObject)YamlText.Read(yaml)!;
        return new()
        {
            MeshProvider = settings.Text("mesh-provider"),
            NoCrossNamespaceRefs = settings.Flag("no-cross-namespace-refs") ?? false,
        };
    }

    private static JsonObject Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                into.Remove(key);
            }
            else
            {
                into[key] = value is JsonObject map ? Merge(into[key] as JsonObject ?? [], map.Copy()).DeepClone() : value.DeepClone();
            }
        }

        return into;
    }

    private JsonObject Good(string version)
    {
        var kind = _golden.Input.Text("kind") ?? "Canary";
        var good = (JsonObject)YamlText.Read(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "testdata", "validation", $"{kind.ToLowerInvariant()}.yaml")))!;
        return ObjectConversion.Convert(good, version);
    }

    private TargetIndex Index()
    {
        var index = new TargetIndex(_options);
        if (_golden.Find("cluster.yaml") is not { } yaml)
        {
            return index;
        }

        var objects = YamlText.ReadAll(yaml).OfType<JsonObject>().ToList();
        index.SyncAll();
        foreach (var obj in objects)
        {
            var change = new WatchEvent(WatchEventType.Added, obj);
            if (obj.Text("kind") == Kinds.Canary.Kind)
            {
                index.Apply(change);
            }
            else
            {
                index.Apply(IndexedKinds.All.Single(k => k.Kind.Kind == obj.Text("kind")).Kind, change);
            }
        }

        index.Served = new ServedByDefinitions(objects.Where(o => o.Text("kind") == Kinds.CustomResourceDefinition.Kind));
        return index;
    }
}
