namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>A connection string of Azure: <c>Name=value</c> pairs between semicolons, names in any case, values with any number of <c>=</c>.</summary>
internal sealed class ConnectionString
{
    private readonly Dictionary<string, string> _values;

    private ConnectionString(Dictionary<string, string> values) => _values = values;

    /// <summary>Null when a part has no name or no <c>=</c>, or a name comes twice.</summary>
    public static ConnectionString? Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !values.TryAdd(part[..at].Trim(), part[(at + 1)..].Trim()))
            {
                return null;
            }
        }

        return values.Count > 0 ? new ConnectionString(values) : null;
    }

    /// <summary>Null when it is missing or empty.</summary>
    public string? Find(string name) => _values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public bool IsTrue(string name) => string.Equals(Find(name), "true", StringComparison.OrdinalIgnoreCase);
}
