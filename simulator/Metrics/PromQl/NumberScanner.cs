using System.Globalization;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>Numbers (<c>1</c>, <c>.5</c>, <c>1e3</c>, <c>0x1F</c>) and durations (<c>1h30m</c>, <c>250ms</c>).</summary>
internal static partial class NumberScanner
{
    private static readonly Dictionary<string, long> UnitMs = new(StringComparer.Ordinal)
    {
        ["y"] = 365L * 24 * 3600 * 1000,
        ["w"] = 7L * 24 * 3600 * 1000,
        ["d"] = 24L * 3600 * 1000,
        ["h"] = 3600 * 1000,
        ["m"] = 60 * 1000,
        ["s"] = 1000,
        ["ms"] = 1,
    };

    /// <summary>Reads one token and moves <paramref name="at"/> behind it.</summary>
    public static Token Scan(string query, ref int at)
    {
        var start = at;
        var duration = DurationStart().Match(query, at);
        var number = Number().Match(query, at);
        var (kind, length) = duration.Success ? (TokenKind.Duration, duration.Length) : (TokenKind.Number, number.Length);
        at += length;
        return at >= query.Length || !MetricNames.IsLabelPart(query[at])
            ? new Token(kind, query[start..at], start)
            : throw new PromQlParseException(query, start, $"bad number or duration syntax: \"{query[start..at]}\"");
    }

    /// <summary>Reads what stands behind a left bracket, which can only be a duration.</summary>
    public static Token ScanDuration(string query, ref int at)
    {
        var duration = DurationStart().Match(query, at);
        if (duration.Success)
        {
            at += duration.Length;
            return new Token(TokenKind.Duration, duration.Value, duration.Index);
        }

        var digits = Number().Match(query, at).Length;
        var bare = at + digits >= query.Length || !MetricNames.IsLabelPart(query[at + digits]);
        throw new PromQlParseException(
            query, at, bare ? "missing unit character in duration" : $"bad duration syntax: \"{query.Substring(at, digits)}\"");
    }

    /// <summary>The value of a number token.</summary>
    public static double Value(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : GoFloat.TryParse(text, out var value) ? value : throw new FormatException($"'{text}' is not a number.");

    /// <summary>Milliseconds of a duration with units in descending order, each at most once; null where it is malformed. "0" is allowed.</summary>
    public static long? DurationMs(string text)
    {
        if (text == "0")
        {
            return 0;
        }

        var match = WholeDuration().Match(text);
        if (text.Length == 0 || !match.Success)
        {
            return null;
        }

        var total = 0.0;
        foreach (Capture part in match.Groups["part"].Captures)
        {
            var digits = part.Value.TrimEnd('y', 'w', 'd', 'h', 'm', 's');
            total += double.Parse(digits, CultureInfo.InvariantCulture) * UnitMs[part.Value[digits.Length..]];
        }

        // Prometheus holds durations in 64-bit nanoseconds: what does not fit is refused there too.
        return total < long.MaxValue / 1e6 ? (long)total : null;
    }

    [GeneratedRegex(@"\G(?:[0-9]+(?:ms|[ywdhms]))+(?![0-9A-Za-z_])", RegexOptions.CultureInvariant)]
    private static partial Regex DurationStart();

    [GeneratedRegex(@"\G(?:0[xX][0-9a-fA-F]{1,16}|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A(?<part>[0-9]+y)?(?<part>[0-9]+w)?(?<part>[0-9]+d)?(?<part>[0-9]+h)?(?<part>[0-9]+m(?!s))?(?<part>[0-9]+s)?(?<part>[0-9]+ms)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeDuration();
}
