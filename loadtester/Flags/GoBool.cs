namespace CanaryFunctions.LoadTester.Flags;

/// <summary>Booleans as Go's ParseBool reads them.</summary>
internal static class GoBool
{
    public static bool TryParse(string? text, out bool value)
    {
        value = text is "1" or "t" or "T" or "TRUE" or "true" or "True";
        return value || text is "0" or "f" or "F" or "FALSE" or "false" or "False";
    }

    /// <summary>A value that cannot be read is false (contracts/hooks-alerts.md 3.4).</summary>
    public static bool IsTrue(string? text) => TryParse(text, out var value) && value;
}
