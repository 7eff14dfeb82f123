using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>The part of <c>docs/validation.md</c> that is made of the cases.</summary>
internal static class ValidationPage
{
    private const string Begin = "<!-- made of tests/testdata/validation; UPDATE_GOLDEN=1 dotnet test tests/Core.Tests writes it -->";
    private const string End = "<!-- end -->";

    private static readonly string[] Sections =
    [
        "Provider and references", "Service", "Analysis", "Metrics", "Webhooks and alerts", "The cluster", "Changes of a Canary", "MetricTemplate", "AlertProvider",
        "flagger.app/v1alpha3",
    ];

    /// <summary>The page in the source tree.</summary>
    public static string Path { get; } = PathOf();

    /// <summary>The page with its cases as they are now.</summary>
    public static string Rendered(string page)
    {
        var (from, to) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidDataException($"{Path} needs the lines '{Begin}' and '{End}' around the cases");
        }

        return $"{page[..from]}{Begin}\n{Cases()}\n{page[to..]}";
    }

    private static string Cases()
    {
        var cases = ValidationCase.All.Select(ValidationCase.Load).ToList();
        var unknown = cases.Where(c => !Sections.Contains(c.Heading.Section)).Select(c => $"{c.Name}: {c.Heading.Section}").ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidDataException($"the page has no such part: {string.Join(", ", unknown)}; it has {string.Join(", ", Sections)}");
        }

        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {section}\n");
            foreach (var @case in cases.Where(c => c.Heading.Section == section))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n### {Capitalised(@case.Heading.Title)}\n\n{Around(@case)}```yaml\n{Body(@case.File("input.yaml"))}```\n\n```text\n{@case.Answer()}```\n");
            }
        }

        return text.ToString();
    }

    // What is in the cluster, what was stored, how the install is set.
    private static string Around(ValidationCase @case)
    {
        var text = new StringBuilder();
        if (@case.File("cluster.yaml") is { Length: > 0 } cluster)
        {
            text.Append(CultureInfo.InvariantCulture, $"{cluster.Split('\n')[0].TrimStart('#', ' ')}\n\n");
        }

        if (@case.File("settings.yaml") is { Length: > 0 } settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"With the setting `{settings.Trim()}`.\n\n");
        }

        if (@case.File("old.yaml") is { Length: > 0 } old)
        {
            text.Append(CultureInfo.InvariantCulture, $"Stored before:\n\n```yaml\n{old}```\n\nApplied:\n\n");
        }

        return text.ToString();
    }

    private static string Body(string yaml) => yaml[(yaml.IndexOf('\n') + 1)..];

    private static string Capitalised(string title) => $"{char.ToUpperInvariant(title[0])}{title[1..]}";

    private static string PathOf([CallerFilePath] string thisFile = "")
        => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "validation.md"));
}
