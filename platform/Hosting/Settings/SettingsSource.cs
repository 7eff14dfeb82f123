using System.Globalization;
using CanaryFunctions.Core;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>Reads single settings by the contract's flag name, and collects what is wrong with them.</summary>
internal sealed class SettingsSource(IConfiguration configuration)
{
    private readonly List<SettingProblem> _problems = [];

    public IReadOnlyList<SettingProblem> Problems => _problems;

    /// <summary>The environment's name of <c>mesh-provider</c> is <c>MESH_PROVIDER</c>.</summary>
    public static string VariableOf(string name) => name.Replace('-', '_').ToUpperInvariant();

    /// <summary>The environment wins where it is not empty; null when neither says anything.</summary>
    /// <param name="variable">Its name in the environment, where that is not made by the rule.</param>
    public string? Find(string name, string? variable = null)
        => configuration[variable ?? VariableOf(name)] is { Length: > 0 } fromEnvironment ? fromEnvironment
            : configuration[name] is { Length: > 0 } fromFlag ? fromFlag
            : null;

    public string Text(string name, string fallback, string? variable = null) => Find(name, variable)?.Trim() ?? fallback;

    /// <summary>Comma list.</summary>
    public IReadOnlyList<string> List(string name, IReadOnlyList<string> fallback) => Find(name) is { } text
        ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : fallback;

    public bool Flag(string name, bool fallback) => Find(name) switch
    {
        null => fallback,
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        var other => Refuse(name, other, "must be true or false.", fallback),
    };

    /// <summary>A positive duration as Go writes it.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback) => Find(name) is not { } text ? fallback
        : GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero ? duration
        : Refuse(name, text, "must be a positive duration such as 30s or 1m30s.", fallback);

    public double Number(string name, double fallback, double min, double max) => Find(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : Refuse(name, text, $"must be a number from {min} to {max}.", fallback);

    /// <param name="isSecret">The value must not be shown: whoever knows the URL may post to it.</param>
    public string Url(string name, string fallback, bool isSecret, string? variable = null)
    {
        var text = Text(name, fallback, variable);
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;
        return text.Length == 0 || isUrl ? text : Refuse(name, isSecret ? "(hidden)" : text, "must be a URL that begins with http:// or https://.", fallback);
    }

    public T Refuse<T>(string name, string value, string problem, T fallback)
    {
        _problems.Add(new SettingProblem(name, value, problem));
        return fallback;
    }
}
