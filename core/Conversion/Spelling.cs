using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Conversion;

/// <summary>How a Canary was written in the version that it was converted from, where that version has two ways to say the same thing.</summary>
/// <param name="IsNamedAnalysis">In v1alpha3: the analysis was called <c>analysis</c> and not <c>canaryAnalysis</c>.</param>
/// <param name="Metrics">Places of the metrics whose bound was in the other version's spelling.</param>
internal sealed record Spelling(bool IsNamedAnalysis, SortedSet<int> Metrics)
{
    /// <summary>On a v1beta1 object: how it was written in v1alpha3.</summary>
    public const string OfV1Alpha3 = "flagger.app/v1alpha3-fields";

    /// <summary>On a v1alpha3 object: how it was written in v1beta1.</summary>
    public const string OfV1Beta1 = "flagger.app/v1beta1-fields";

    private const string Name = "analysis";
    private const string Places = "metrics";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>What the annotation says; nothing special without it. One that somebody edited costs a spelling and nothing else: both mean the same.</summary>
    public static Spelling Read(JsonObject canary, string annotation)
    {
        try
        {
            var written = canary.Annotation(annotation) is { } text ? JsonNode.Parse(text, documentOptions: Strict) : null;
            return new(written.Flag(Name) ?? false, [.. written.ListAt(Places).Select(p => p.Integer()).OfType<int>()]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the second one: half a surrogate pair
        {
            return new(false, []);
        }
    }

    /// <summary>Takes both annotations away.</summary>
    public static void Forget(JsonObject canary)
    {
        if (canary.ObjectAt("metadata", "annotations") is { } annotations
            && annotations.Remove(OfV1Alpha3) | annotations.Remove(OfV1Beta1)
            && annotations.Count == 0)
        {
            canary.Metadata().Remove("annotations");
        }
    }

    /// <summary>Writes the annotation if there is something to say.</summary>
    public void Note(JsonObject canary, string annotation)
    {
        var text = new JsonObject();
        if (IsNamedAnalysis)
        {
            text[Name] = true;
        }

        if (Metrics.Count > 0)
        {
            text[Places] = new JsonArray([.. Metrics.Select(p => JsonValue.Create(p))]);
        }

        if (text.Count > 0)
        {
            canary.Metadata().Section("annotations")[annotation] = text.ToJsonString();
        }
    }
}
