using System.Buffers;
using System.Globalization;
using System.Text;

namespace CanaryFunctions.Core;

/// <summary>Durations as Go writes and reads them (package time, ParseDuration and Duration.String): <c>10s</c>, <c>1m30s</c>, <c>515ms</c>.</summary>
public static class GoDuration
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>False for anything that Go would refuse: no unit, unknown unit, empty, trailing text.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var rest = text.AsSpan();
        var negative = rest[0] == '-';
        rest = rest[0] is '-' or '+' ? rest[1..] : rest;
        if (rest is "0")
        {
            return true;
        }

        decimal total = 0;
        do
        {
            if (!TryTakeTerm(ref rest, out var term))
            {
                return false;
            }

            total += term;
        }
        while (rest.Length > 0 && total <= long.MaxValue);

        if (total > long.MaxValue)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(total / 100));
        duration = negative ? -duration : duration;
        return true;
    }

    /// <summary>The text, or the fallback where there is none or it cannot be read.</summary>
    public static TimeSpan ParseOr(string? text, TimeSpan fallback) => TryParse(text, out var duration) ? duration : fallback;

    /// <summary>As Go prints it: <c>1m0s</c>, <c>1.5s</c>, <c>515ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        duration = duration.Duration();
        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration < TimeSpan.FromMilliseconds(1)
                ? text.Append(Shortest(duration.TotalMicroseconds)).Append("µs").ToString()
                : text.Append(Shortest(duration.TotalMilliseconds)).Append("ms").ToString();
        }

        var hours = (long)duration.TotalHours;
        if (hours > 0)
        {
            text.Append(hours).Append('h');
        }

        if (hours > 0 || duration.Minutes > 0)
        {
            text.Append(duration.Minutes).Append('m');
        }

        var seconds = (duration.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        return text.Append(seconds.ToString("0.#######", CultureInfo.InvariantCulture)).Append('s').ToString();
    }

    private static string Shortest(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static bool TryTakeTerm(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var digits = rest.IndexOfAnyExcept(NumberCharacters);
        if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        var end = rest.IndexOfAny(NumberCharacters);
        var name = end < 0 ? rest : rest[..end];
        foreach (var (unit, factor) in Units)
        {
            if (name.SequenceEqual(unit))
            {
                if (number > long.MaxValue / factor)
                {
                    return false;
                }

                nanoseconds = number * factor;
                rest = rest[name.Length..];
                return true;
            }
        }

        return false;
    }
}
