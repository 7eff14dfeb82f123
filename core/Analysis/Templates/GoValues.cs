using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>
/// The values a template can hold, and how Go names, prints and judges them: null (nil), <see cref="string"/>, <see cref="long"/> (int),
/// <see cref="double"/> (float64), <see cref="bool"/> and a map of strings.
/// </summary>
internal static class GoValues
{
    public static string TypeName(object? value) => value switch
    {
        null => "nil",
        string => "string",
        long => "int",
        double => "float64",
        bool => "bool",
        _ => "map[string]string",
    };

    /// <summary>Verb <c>%v</c>.</summary>
    public static string Print(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        long number => number.ToString(),
        double number => GoNumber.Shortest(number),
        bool flag => flag ? "true" : "false",
        _ => PrintMap(AsMap(value), Print),
    };

    /// <summary>As <c>map[k1:v1 k2:v2]</c>, sorted by key.</summary>
    public static string PrintMap(IReadOnlyDictionary<string, string> map, Func<object?, string> print)
    {
        var text = new StringBuilder("map[");
        foreach (var (key, item) in Sorted(map))
        {
            text.Append(text.Length > 4 ? " " : "").Append(print(key)).Append(':').Append(print(item));
        }

        return text.Append(']').ToString();
    }

    /// <summary>What <c>if</c> takes for true: anything but nil, false, 0 and empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        string text => text.Length > 0,
        long number => number != 0,
        double number => number != 0,
        bool flag => flag,
        _ => AsMap(value).Count > 0,
    };

    public static IReadOnlyDictionary<string, string> AsMap(object? value) => (IReadOnlyDictionary<string, string>)value!;

    public static IOrderedEnumerable<KeyValuePair<string, string>> Sorted(IReadOnlyDictionary<string, string> map)
        => map.OrderBy(p => p.Key, StringComparer.Ordinal);
}
