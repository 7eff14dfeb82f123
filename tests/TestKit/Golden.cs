using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.TestKit;

/// <summary>
/// One golden case: a folder <c>tests/testdata/{port}/{name}/{case}</c> with <c>input.yaml</c> and what is expected of it. <c>UPDATE_GOLDEN=1</c> rewrites the
/// expected files in the source tree; <c>git diff</c> is then the review.
/// </summary>
public sealed class Golden
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _folder;
    private readonly GoldenFormat _format;

    private Golden(string folder, GoldenFormat format)
    {
        _folder = folder;
        _format = format;
        Input = (JsonObject)YamlText.Read(File.ReadAllText(Path.Combine(OutputRoot, folder, "input.yaml")))!;
    }

    public JsonObject Input { get; }

    private static string OutputRoot => Path.Combine(AppContext.BaseDirectory, "testdata");

    private static bool Rewrites => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    private string ExpectedFile => Path.Combine(_folder, _format switch
    {
        GoldenFormat.Json => "expected.json",
        GoldenFormat.Text => "expected.txt",
        _ => "expected.yaml",
    });

    /// <summary>The cases of one provider, sorted. Throws when there is none: a test over nothing would pass.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<string> Cases(string port, string name)
        => [.. Directory.GetDirectories(Path.Combine(OutputRoot, port, name)).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    public static Golden Load(string port, string name, string @case, GoldenFormat format = GoldenFormat.Yaml)
        => new(Path.Combine(port, name, @case), format);

    /// <summary>A further file of the case; null when it has none of that name.</summary>
    public string? Find(string file) => File.Exists(Path.Combine(OutputRoot, _folder, file)) ? File.ReadAllText(Path.Combine(OutputRoot, _folder, file)) : null;

    /// <summary>Compares without regard to the order of keys, and shows lines that differ.</summary>
    /// <exception cref="GoldenMismatchException">They differ, or nothing is expected yet.</exception>
    public void AssertMatches(JsonNode actual)
        => Compare(Render(Sorted(actual)), text => Render(Sorted(_format == GoldenFormat.Json ? JsonNode.Parse(text) : YamlText.Read(text))));

    /// <summary>Compares text, and shows lines that differ.</summary>
    /// <exception cref="GoldenMismatchException">They differ, or nothing is expected yet.</exception>
    public void AssertMatchesText(string actual) => Compare(actual, text => text);

    private void Compare(string actualText, Func<string, string> normalise)
    {
        if (Rewrites)
        {
            File.WriteAllText(Path.Combine(SourceRoot(), ExpectedFile), actualText);
            return;
        }

        var file = Path.Combine(OutputRoot, ExpectedFile);
        if (!File.Exists(file))
        {
            throw new GoldenMismatchException($"{ExpectedFile} is not there; run the test with UPDATE_GOLDEN=1 and review it. Actual:\n{actualText}");
        }

        var expectedText = normalise(File.ReadAllText(file));
        if (expectedText != actualText)
        {
            throw new GoldenMismatchException($"{ExpectedFile} differs (- expected, + actual):\n{LineDiff.Of(expectedText, actualText)}");
        }
    }

    private string Render(JsonNode? node) => _format == GoldenFormat.Json ? (node?.ToJsonString(Indented) ?? "null") + "\n" : YamlText.Write(node);

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string SourceRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "testdata"));
}

public enum GoldenFormat
{
    Yaml,
    Json,
    Text,
}

public sealed class GoldenMismatchException(string message) : Exception(message);
