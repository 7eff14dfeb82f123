using System.Collections.Frozen;
using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Go's ready-made template functions that queries may use. <c>and</c> and <c>or</c> are the evaluator's, for they do not look at every argument.</summary>
internal static class Functions
{
    public const string And = "and";
    public const string Or = "or";

    private static readonly FrozenDictionary<string, Function> Table = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["eq"] = new(1, null, a => Comparisons.EqualsAny(a)),
        ["ge"] = new(2, 2, a => Comparisons.Order(a[0], a[1]) >= 0),
        ["gt"] = new(2, 2, a => Comparisons.Order(a[0], a[1]) > 0),
        ["index"] = new(1, null, Index),
        ["le"] = new(2, 2, a => Comparisons.Order(a[0], a[1]) <= 0),
        ["len"] = new(1, 1, a => Length(a[0])),
        ["lt"] = new(2, 2, a => Comparisons.Order(a[0], a[1]) < 0),
        ["ne"] = new(2, 2, a => !Comparisons.AreEqual(a[0], a[1])),
        ["not"] = new(1, 1, a => !GoValues.IsTrue(a[0])),
        ["print"] = new(0, null, Print),
        ["printf"] = new(1, null, Printf),
        ["println"] = new(0, null, a => string.Join(' ', a.Select(GoValues.Print)) + "\n"),
        ["urlquery"] = new(0, null, a => QueryEscape(Print(a))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Values = new QueryVariables().ToValues().Keys.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> NotSupported = new[] { "call", "html", "js", "slice" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null for a function or value that templates can name.</summary>
    public static string? Problem(string name)
        => Table.ContainsKey(name) || Values.Contains(name) || name is And or Or ? null
            : NotSupported.Contains(name) ? $"function \"{name}\" is not supported in query templates"
            : $"function {GoText.Quote(name)} not defined";

    public static Function? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>Operands one after the other, parted by a space where neither is a string.</summary>
    private static string Print(IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < arguments.Count; i++)
        {
            text.Append(i > 0 && arguments[i] is not string && arguments[i - 1] is not string ? " " : "").Append(GoValues.Print(arguments[i]));
        }

        return text.ToString();
    }

    private static string Printf(IReadOnlyList<object?> arguments) => arguments[0] is string format
        ? GoFormat.Sprintf(format, [.. arguments.Skip(1)])
        : throw new FunctionException($"wrong type for value; expected string; got {GoValues.TypeName(arguments[0])}");

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        IReadOnlyDictionary<string, string> map => map.Count,
        null => throw new FunctionException("len of nil pointer"),
        _ => throw new FunctionException($"len of type {GoValues.TypeName(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        var item = arguments[0];
        foreach (var index in arguments.Skip(1))
        {
            item = (item, index) switch
            {
                (null, _) => throw new FunctionException("index of untyped nil"),
                (IReadOnlyDictionary<string, string> map, string key) => map.GetValueOrDefault(key, ""),
                (IReadOnlyDictionary<string, string>, _) => throw new FunctionException($"value has type {GoValues.TypeName(index)}; should be string"),
                (string text, long at) => ByteAt(text, at),
                (string, _) => throw new FunctionException($"cannot index slice/array with type {GoValues.TypeName(index)}"),
                _ => throw new FunctionException($"can't index item of type {GoValues.TypeName(item)}"),
            };
        }

        return item;
    }

    private static long ByteAt(string text, long index)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return index >= 0 && index < bytes.Length ? bytes[index] : throw new FunctionException($"index out of range: {index}");
    }

    /// <summary>Form escaping as Go's url.QueryEscape does it: space becomes <c>+</c>.</summary>
    private static string QueryEscape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            escaped.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' ? c.ToString() : c == ' ' ? "+" : $"%{b:X2}");
        }

        return escaped.ToString();
    }
}

/// <summary>A function of values.</summary>
/// <param name="Max">Most arguments; null for any number.</param>
internal sealed record Function(int Min, int? Max, Func<IReadOnlyList<object?>, object?> Apply);
