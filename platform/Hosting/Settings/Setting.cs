namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>One setting of an install, as people know it. What it does is decided where it is read.</summary>
/// <param name="Table">The table of docs/configuration.md that it is in.</param>
/// <param name="Meaning">One line of Markdown.</param>
/// <param name="Variables">Names in the environment; several where connections have the same setting.</param>
public sealed record Setting(SettingTable Table, string Meaning, params IReadOnlyList<string> Variables)
{
    /// <summary>Name as a flag; null where it has none.</summary>
    public string? Flag { get; init; }

    /// <summary>What holds when it is not set, and may be written down as such; empty where nothing does, or where that depends on the program or its place.</summary>
    public string Value { get; init; } = "";

    /// <summary>The default in words, where <see cref="Value"/> does not say all; Markdown.</summary>
    public string? Default { get; init; }

    /// <summary>Belongs into a Secret, and is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether an install in a cluster sets it for all programs; not so what each pod, or the Functions host, says for itself.</summary>
    public bool IsShared { get; init; } = true;
}
