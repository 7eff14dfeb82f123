using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Admission;

/// <summary>Forms that several fields share: Kubernetes' names, hosts, labels, matches of strings.</summary>
internal static class SpecFieldForms
{
    private const int MaxObjectName = 253;
    private const int MaxLabelValue = 63;
    private const int LongestSuffix = 8; // "-primary"

    /// <summary>The name of another object.</summary>
    /// <param name="isCopied">An object of the name with <c>-primary</c> behind it is made.</param>
    public static void AsObjectName(this SpecField field, string give, bool isCopied = false)
    {
        var most = isCopied ? MaxObjectName - LongestSuffix : MaxObjectName;
        if (field.AsRequiredText(give) is { } name && !DnsName.IsSubdomain(name, most))
        {
            field.Report($"must be a DNS name: lower-case letters, digits, '-' and '.', at most {most} characters{(isCopied ? " so that '-primary' fits" : "")}.");
        }
    }

    /// <summary>The name of a namespace; empty counts as absent.</summary>
    public static void AsNamespace(this SpecField field)
    {
        if (field.AsText() is { Length: > 0 } name && !DnsName.IsLabel(name))
        {
            field.Report("must be a namespace: lower-case letters, digits and '-', at most 63 characters.");
        }
    }

    /// <summary>A duration; empty counts as absent.</summary>
    public static void AsOptionalDuration(this SpecField field)
    {
        if (field.Node.Text() != "")
        {
            field.AsDuration();
        }
    }

    /// <summary>A URL; empty counts as absent.</summary>
    public static void AsOptionalUrl(this SpecField field)
    {
        if (field.Node.Text() != "")
        {
            field.AsUrl();
        }
    }

    /// <summary>Host names, or <c>*</c>, or <c>*.</c> and a host name.</summary>
    public static void AsHosts(this SpecField list)
    {
        foreach (var host in list.AsList())
        {
            if (host.AsRequiredText("give a host name or leave the entry out") is not { } name || name == "*")
            {
                continue;
            }

            var bare = name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
            if (!DnsName.IsSubdomain(bare.ToLowerInvariant()))
            {
                host.Report("must be a host name without scheme, port and path, such as app.example.com or *.example.com.");
            }
        }
    }

    /// <summary>Labels and annotations, as Kubernetes takes them.</summary>
    public static void AsMetadata(this SpecField metadata)
    {
        if (!metadata.IsObject())
        {
            return;
        }

        foreach (var section in (string[])["labels", "annotations"])
        {
            metadata[section].AsMapOfTexts();
            foreach (var (key, value) in metadata[section].Node as JsonObject ?? [])
            {
                var field = metadata[section][key];
                if (!DnsName.IsQualifiedName(key))
                {
                    field.Report(key, "is not a usable key: at most 63 letters, digits, '-', '_' and '.', with an optional DNS name and '/' before them.");
                }
                else if (section == "labels" && value.Text() is { } text && !DnsName.IsLabelValue(text))
                {
                    field.Report($"must be at most {MaxLabelValue} letters, digits, '-', '_' and '.', beginning and ending with a letter or digit.");
                }
            }
        }
    }

    /// <summary>A map from names to matches of strings.</summary>
    public static void AsMatches(this SpecField map, IReadOnlyList<string> ways, bool isRequired)
    {
        if (!map.IsObject())
        {
            return;
        }

        foreach (var (key, _) in (JsonObject)map.Node!)
        {
            map[key].AsMatch(ways, isRequired);
        }
    }

    /// <summary>A match of a string: one of the ways, or, where it is not required, none.</summary>
    public static void AsMatch(this SpecField match, IReadOnlyList<string> ways, bool isRequired)
    {
        if (!match.IsObject())
        {
            return;
        }

        foreach (var way in match.AsChoice(ways, isRequired))
        {
            match[way].AsText();
        }
    }

    /// <summary>An object of which at most one of the keys is given, or, where it is required, exactly one. Gives those that are.</summary>
    public static IReadOnlyList<string> AsChoice(this SpecField field, IReadOnlyList<string> keys, bool isRequired = true)
    {
        var given = keys.Where(k => field[k].IsPresent).ToList();
        if (given.Count > 1)
        {
            field.Report(string.Join(", ", given), $"exclude each other; give exactly one of: {string.Join(", ", keys)}.");
        }
        else if (given.Count == 0 && isRequired)
        {
            field.Report("", $"is empty; give exactly one of: {string.Join(", ", keys)}.");
        }

        return given;
    }
}
