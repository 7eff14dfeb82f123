using System.Text.RegularExpressions;
using CanaryFunctions.Platform.Hosting.Settings;

namespace CanaryFunctions.Infra.Tests.Settings;

/// <summary>The names that programs ask their configuration or the environment for, found in the sources: who adds one anywhere is seen.</summary>
internal static partial class SettingReads
{
    private static readonly string[] Programs = ["cli", "functions", "platform", "webhook"];

    // What the machine or the cluster says to every program.
    private static readonly HashSet<string> OfTheMachine =
        new(["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "HOME", "USERPROFILE", "PATH", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"], StringComparer.Ordinal);

    /// <summary>Each as in the environment, with the file that reads it.</summary>
    public static IReadOnlyList<(string Name, string File)> All { get; } =
    [
        .. from file in Readers
           from name in Names(Checkout.Read(file))
           let variable = Variable(name)
           where !OfTheMachine.Contains(variable)
           select (variable, file),
    ];

    /// <summary>Every text between quotation marks in the programs' sources.</summary>
    public static IReadOnlySet<string> Literals { get; } = Sources.SelectMany(f => Literal().Matches(Checkout.Read(f))).Select(m => Variable(m.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);

    private static Regex[] Patterns => [Indexed(), Asked(), AskedOf(), Renamed()];

    // Elsewhere the words mean other things.
    private static IEnumerable<string> Readers => Sources.Where(f => ReaderMark().IsMatch(Checkout.Read(f)));

    private static IEnumerable<string> Sources => Programs.SelectMany(p => Checkout.Below(p, "*.cs")).Where(f => !f.EndsWith("/SettingList.cs", StringComparison.Ordinal));

    /// <summary><c>mesh-provider</c> and <c>Canary:Queue</c> as variables.</summary>
    public static string Variable(string name) => (name.Contains('-', StringComparison.Ordinal) ? name.ToUpperInvariant() : name)
        .Replace('-', '_').Replace(":", "__", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string source)
    {
        var constants = Constant().Matches(source).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
        return
        [
            .. Patterns.SelectMany(p => p.Matches(source)).Select(m => m.Groups[1].Value),
            .. AskedByConstant().Matches(source).Select(m => constants.GetValueOrDefault(m.Groups[1].Value.Length > 0 ? m.Groups[1].Value : m.Groups[2].Value)).OfType<string>(),
        ];
    }

    /// <summary>A name of the list, or what follows a connection's name in one.</summary>
    public static bool Matches(string read, Setting setting) => setting.Variables
        .Concat(setting.Flag is { } flag ? [Variable(flag)] : [])
        .Any(v => v.Equals(read, StringComparison.OrdinalIgnoreCase) || v.EndsWith($"__{read}", StringComparison.Ordinal) || v == $"AzureWebJobs{read}");

    // configuration["LOG_LEVEL"]
    [GeneratedRegex(@"\bconfiguration\[""([^""{]+)""\]")]
    private static partial Regex Indexed();

    // source.Url("metrics-server", settings.Find("clientId"
    [GeneratedRegex(@"\b(?:source|settings)\.(?:Find|Text|Url|Flag|Number|Duration|List|Variable)\(""([^""]+)""")]
    private static partial Regex Asked();

    // Port(configuration, "webhook-port", Connect(configuration, source, "ServiceBus", GetEnvironmentVariable("X"
    [GeneratedRegex(@"\b(?:\w+\((?:configuration|source|section)(?:, source)?|GetEnvironmentVariable\(|variable\()(?:, )?""([^""]+)""")]
    private static partial Regex AskedOf();

    // source.Duration(Name
    [GeneratedRegex(@"\b(?:source|settings)\.(?:Find|Text|Url|Flag|Number|Duration|List|Variable)\((\w+)[,)]|GetEnvironmentVariable\((\w+)\)")]
    private static partial Regex AskedByConstant();

    [GeneratedRegex(@"const string (\w+) = ""([^""]+)"";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\b(IConfiguration|ConnectionSettings|SettingsReader|SettingsSource|GetEnvironmentVariable)\b")]
    private static partial Regex ReaderMark();

    [GeneratedRegex(@"\bvariable: ""([^""]+)""")]
    private static partial Regex Renamed();

    [GeneratedRegex(@"""([\w:-]+)""")]
    private static partial Regex Literal();
}
