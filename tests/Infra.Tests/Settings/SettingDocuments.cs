using System.Text.RegularExpressions;
using CanaryFunctions.Platform.Hosting.Settings;

namespace CanaryFunctions.Infra.Tests.Settings;

/// <summary>What is made from the list of settings.</summary>
internal static partial class SettingDocuments
{
    public const string Page = "docs/configuration.md";
    public const string Manifest = "infra/kustomize/base/settings/settings.yaml";
    private const string How = "made by UPDATE_GOLDEN=1 dotnet test tests/Infra.Tests";

    /// <summary>The page with its tables as the list gives them.</summary>
    public static string PageText(string page) => Enum.GetValues<SettingTable>().Aggregate(page, (text, table) =>
    {
        var (first, last) = ($"<!-- settings {table}: {How} -->\n", $"<!-- settings {table}: end -->\n");
        var (begin, end) = (text.IndexOf(first, StringComparison.Ordinal), text.IndexOf(last, StringComparison.Ordinal));
        begin.ShouldBeGreaterThanOrEqualTo(0, $"{Page} has no line {first}");
        end.ShouldBeGreaterThan(begin, $"{Page} has no line {last}");
        return $"{text[..(begin + first.Length)]}\n{Table(table)}\n\n{text[end..]}";
    });

    /// <summary>The ConfigMap: all that is no secret and holds for a whole install.</summary>
    public static string ManifestText() => string.Join('\n',
    [
        $"# Every setting that is no secret; {How}. The same as a table: {Page}. Nothing is changed here, but in an overlay of your own.",
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata:",
        "  name: canary-functions-settings",
        "  labels:",
        "    app.kubernetes.io/name: canary-functions",
        "data:",
        .. SettingList.All.Where(s => s is { IsShared: true, IsSecret: false }).SelectMany(Lines),
        "",
    ]);

    private static IEnumerable<string> Lines(Setting setting) =>
    [
        $"  # {Plain(setting.Meaning)}{(setting is { Value: "", Default: { } otherwise } ? $"; default: {Plain(otherwise)}" : "")}",
        .. setting.Variables.Select(v => $"  {v}: \"{setting.Value}\""),
    ];

    private static string Table(SettingTable table)
    {
        var settings = SettingList.All.Where(s => s.Table == table).ToList();
        var hasFlags = settings.Exists(s => s.Flag is not null);
        string[] head = hasFlags ? ["Flag", "Variable", "Default", "Meaning"] : ["Variable", "Default", "Meaning"];
        return string.Join('\n', [Row(head), $"|{string.Concat(Enumerable.Repeat("---|", head.Length))}", .. settings.Select(s => Row(Cells(s, hasFlags)))]);
    }

    private static string[] Cells(Setting setting, bool hasFlags) =>
    [
        .. hasFlags ? [setting.Flag is { } flag ? $"`{flag}`" : ""] : Array.Empty<string>(),
        string.Join(", ", setting.Variables.Select(v => $"`{v}`")),
        setting.Default ?? (setting.Value.Length > 0 ? $"`{setting.Value}`" : "none"),
        setting.Meaning,
    ];

    private static string Row(string[] cells) => $"| {string.Join(" | ", cells)} |";

    private static string Plain(string markdown) => Link().Replace(markdown, "docs/$2").Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[([^\]]+)\]\(([^)]+)\)")]
    private static partial Regex Link();
}
