using System.Text;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>An immutable set of labels, sorted by name. An empty value means that the label is absent.</summary>
public sealed class Labels : IEquatable<Labels>, IComparable<Labels>
{
    /// <summary>The label that carries a series' metric name.</summary>
    public const string MetricName = "__name__";

    /// <summary>No labels at all.</summary>
    public static readonly Labels Empty = new([]);

    private readonly KeyValuePair<string, string>[] _pairs;
    private readonly int _hash;

    private Labels(KeyValuePair<string, string>[] pairs)
    {
        _pairs = pairs;
        var hash = new HashCode();
        foreach (var (name, value) in pairs)
        {
            hash.Add(name);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>All pairs, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>The value of <paramref name="name"/>, or "" where there is none.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var pair in _pairs)
            {
                if (pair.Key == name)
                {
                    return pair.Value;
                }
            }

            return "";
        }
    }

    /// <summary>The metric name, or "".</summary>
    public string Name => this[MetricName];

    /// <summary>Builds a set. Pairs with an empty value are left out; of a doubled name the last one counts.</summary>
    public static Labels From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            byName[name] = value;
        }

        var kept = byName.Where(pair => pair.Value.Length > 0).ToArray();
        return kept.Length == 0 ? Empty : new Labels(kept);
    }

    /// <summary>Builds a set from name and value tuples, as <see cref="From"/> does.</summary>
    public static Labels Of(params (string Name, string Value)[] pairs) =>
        From(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    /// <summary>A copy in which <paramref name="name"/> has this value; "" removes it.</summary>
    public Labels With(string name, string value) => From(_pairs.Append(KeyValuePair.Create(name, value)));

    /// <summary>A copy without the metric name.</summary>
    public Labels WithoutName() =>
        Array.Exists(_pairs, pair => pair.Key == MetricName) ? new Labels(Array.FindAll(_pairs, pair => pair.Key != MetricName)) : this;

    /// <summary>A copy with only the named labels.</summary>
    public Labels Keep(IReadOnlyCollection<string> names) => new(Array.FindAll(_pairs, pair => names.Contains(pair.Key)));

    /// <summary>A copy without the named labels and without the metric name.</summary>
    public Labels Drop(IReadOnlyCollection<string> names) =>
        new(Array.FindAll(_pairs, pair => pair.Key != MetricName && !names.Contains(pair.Key)));

    /// <summary>Same names and values.</summary>
    public bool Equals(Labels? other) => other is not null && _hash == other._hash && _pairs.AsSpan().SequenceEqual(other._pairs);

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode() => _hash;

    /// <summary>Orders by name, then value, pair by pair; a prefix comes first.</summary>
    public int CompareTo(Labels? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < Math.Min(_pairs.Length, other._pairs.Length); i++)
        {
            var byName = string.CompareOrdinal(_pairs[i].Key, other._pairs[i].Key);
            var order = byName != 0 ? byName : string.CompareOrdinal(_pairs[i].Value, other._pairs[i].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return _pairs.Length.CompareTo(other._pairs.Length);
    }

    /// <summary>As PromQL writes it: <c>up{job="gateway"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        var labels = Array.FindAll(_pairs, pair => pair.Key != MetricName);
        if (labels.Length == 0 && text.Length > 0)
        {
            return text.ToString();
        }

        text.Append('{').AppendJoin(", ", labels.Select(pair => $"{pair.Key}={Quote(pair.Value)}")).Append('}');
        return text.ToString();
    }

    public static bool operator ==(Labels? left, Labels? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Labels? left, Labels? right) => !(left == right);

    public static bool operator <(Labels? left, Labels? right) => Comparer<Labels?>.Default.Compare(left, right) < 0;

    public static bool operator <=(Labels? left, Labels? right) => Comparer<Labels?>.Default.Compare(left, right) <= 0;

    public static bool operator >(Labels? left, Labels? right) => Comparer<Labels?>.Default.Compare(left, right) > 0;

    public static bool operator >=(Labels? left, Labels? right) => Comparer<Labels?>.Default.Compare(left, right) >= 0;

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
