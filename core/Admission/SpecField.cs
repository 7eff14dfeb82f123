using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>
/// A place in an object under examination. Each reader reports what is wrong with the value and returns null then, so that one pass finds all problems.
/// JSON null counts as absent, as it does to Kubernetes.
/// </summary>
internal readonly struct SpecField(JsonNode? node, string path, SpecReport report)
{
    public bool IsPresent => node is not null;

    public string Path => path;

    public JsonNode? Node => node;

    public SpecField this[string key] => new((node as JsonObject)?[key], $"{path}.{key}", report);

    /// <summary>Reports the problem with the value as it stands.</summary>
    public void Report(string problem) => Report(ShownValue.Text(node), problem);

    public void Report(string value, string problem) => report.Problems.Add(new(path, ShownValue.Shorten(value), problem));

    /// <summary>Says something about the value that does not forbid it.</summary>
    public void Warn(string text) => Warn(ShownValue.Text(node), text);

    public void Warn(string value, string text) => report.Warnings.Add(new(path, ShownValue.Shorten(value), text));

    /// <summary>Whether an object is there; anything else that is there is reported.</summary>
    public bool IsObject()
    {
        if (node is not null and not JsonObject)
        {
            ReportType("must be an object.");
        }

        return node is JsonObject;
    }

    /// <summary>The string; null when absent or reported.</summary>
    public string? AsText()
    {
        if (node is null || node.GetValueKind() == JsonValueKind.String)
        {
            return node.Text();
        }

        ReportType("must be a string.");
        return null;
    }

    /// <summary>The string; one that is absent or empty is reported with what to give.</summary>
    public string? AsRequiredText(string give)
    {
        if (AsText() is { Length: > 0 } text)
        {
            return text;
        }

        if (node is null || node.GetValueKind() == JsonValueKind.String)
        {
            Report("", $"is missing; {give}.");
        }

        return null;
    }

    /// <summary>The whole number within the bounds.</summary>
    public int? AsInteger(int min, int max = int.MaxValue)
    {
        if (node is null)
        {
            return null;
        }

        var bounds = max == int.MaxValue && !(node.Number() > max) ? $"{min} or more" : $"between {min} and {max}";
        if (node.Number() is not { } number || number != Math.Truncate(number))
        {
            ReportType($"must be a whole number, {bounds}.");
            return null;
        }

        if (number < min || number > max)
        {
            Report($"must be {bounds}.");
            return null;
        }

        return (int)number;
    }

    public double? AsNumber()
    {
        if (node is null || (node.Number() is { } number && double.IsFinite(number)))
        {
            return node.Number();
        }

        ReportType("must be a number.");
        return null;
    }

    public bool? AsFlag()
    {
        if (node is not null && node.Flag() is null)
        {
            ReportType("must be true or false.");
        }

        return node.Flag();
    }

    /// <summary>A duration above zero.</summary>
    public TimeSpan? AsDuration()
    {
        if (node is null)
        {
            return null;
        }

        if (GoDuration.TryParse(node.Text(), out var duration) && duration > TimeSpan.Zero)
        {
            return duration;
        }

        Report("must be a Go duration above 0, such as 10s or 1m30s.");
        return null;
    }

    /// <summary>An absolute http or https URL. A wrong one is shown without what may be secret in it.</summary>
    public Uri? AsUrl()
    {
        if (AsText() is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0)
        {
            return url;
        }

        Report(ShownValue.WithoutSecrets(text), "must be an absolute URL, such as http://name.namespace:9090/path.");
        return null;
    }

    /// <summary>One of the words; empty counts as absent.</summary>
    public string? AsOneOf(string what, IReadOnlyList<string> allowed)
    {
        if (AsText() is not { Length: > 0 } text)
        {
            return null;
        }

        if (allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Report(NameHint.Unknown(what, text, allowed));
        return null;
    }

    public IReadOnlyList<SpecField> AsList()
    {
        if (node is not JsonArray array)
        {
            if (node is not null)
            {
                ReportType("must be a list.");
            }

            return [];
        }

        var fields = new List<SpecField>(array.Count);
        for (var i = 0; i < array.Count; i++)
        {
            fields.Add(new(array[i], $"{path}[{i}]", report));
        }

        return fields;
    }

    /// <summary>A list whose entries are objects; the others are reported and left out.</summary>
    public IReadOnlyList<SpecField> AsListOfObjects() => [.. AsList().Where(f => f.IsPresentObject())];

    public void AsListOfTexts()
    {
        foreach (var item in AsList())
        {
            item.AsRequiredText("give a string or leave the entry out");
        }
    }

    /// <summary>A map of strings.</summary>
    public void AsMapOfTexts()
    {
        if (!IsObject())
        {
            return;
        }

        foreach (var (key, value) in (JsonObject)node!)
        {
            new SpecField(value, $"{path}.{ShownValue.Shorten(key)}", report).AsText();
        }
    }

    private bool IsPresentObject()
    {
        if (node is null)
        {
            Report("must be an object.");
        }

        return IsObject();
    }

    private void ReportType(string problem) => Report(ShownValue.Json(node), problem);
}
