using System.Globalization;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// The timer trigger's schedule: six fields, second minute hour day month weekday (0 is Sunday), each <c>*</c>, a number, a range <c>1-5</c>, a list
/// <c>1,15</c>, or steps <c>*/30</c>, <c>0-30/10</c>; months and weekdays also by their English names. UTC.
/// </summary>
public sealed class NcronTab
{
    private static readonly Field[] Fields =
    [
        new("second", 0, 59, []),
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day", 1, 31, []),
        new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        new("weekday", 0, 6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ];

    private readonly ulong[] _allowed;

    private NcronTab(ulong[] allowed) => _allowed = allowed;

    /// <exception cref="FormatException">Says which field is wrong, and what is allowed.</exception>
    public static NcronTab Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
        {
            throw new FormatException($"schedule '{text}': has {parts.Length} fields; use six: second minute hour day month weekday.");
        }

        return new NcronTab([.. parts.Zip(Fields, (part, field) => ParseField(text, part, field))]);
    }

    /// <summary>The first occurrence after the given time; null when there is none within five years, as for 30 February.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var at = new DateTimeOffset(after.UtcTicks - (after.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero).AddSeconds(1);
        var end = at.AddYears(5);
        while (at < end)
        {
            if (!Allows(4, at.Month))
            {
                at = new DateTimeOffset(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            }
            else if (!Allows(3, at.Day) || !Allows(5, (int)at.DayOfWeek))
            {
                at = new DateTimeOffset(at.Date, TimeSpan.Zero).AddDays(1);
            }
            else if (!Allows(2, at.Hour))
            {
                at = new DateTimeOffset(at.Date, TimeSpan.Zero).AddHours(at.Hour + 1);
            }
            else if (!Allows(1, at.Minute))
            {
                at = at.AddSeconds(-at.Second).AddMinutes(1);
            }
            else if (!Allows(0, at.Second))
            {
                at = at.AddSeconds(1);
            }
            else
            {
                return at;
            }
        }

        return null;
    }

    private bool Allows(int field, int value) => (_allowed[field] & (1UL << value)) != 0;

    private static ulong ParseField(string schedule, string text, Field field)
    {
        ulong allowed = 0;
        foreach (var item in text.Split(','))
        {
            var (range, step) = item.Split('/') switch
            {
                [var r] => (r, 1),
                [var r, var s] when int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 => (r, n),
                _ => throw Wrong(schedule, item, field),
            };
            var (first, last) = range switch
            {
                "*" => (field.Min, field.Max),
                _ when range.Split('-') is [var from, var to] => (field.Value(from), field.Value(to)),
                _ => (field.Value(range), item.Contains('/', StringComparison.Ordinal) ? field.Max : field.Value(range)),
            };
            if (first is not { } low || last is not { } high || low > high)
            {
                throw Wrong(schedule, item, field);
            }

            for (var value = low; value <= high; value += step)
            {
                allowed |= 1UL << value;
            }
        }

        return allowed;
    }

    private static FormatException Wrong(string schedule, string item, Field field)
        => new($"schedule '{schedule}': '{item}' is no {field.Name}; use *, or {field.Min} to {field.Max}, with - for ranges and / for steps.");

    private sealed record Field(string Name, int Min, int Max, string[] Names)
    {
        public int? Value(string text)
        {
            var named = Array.IndexOf(Names, text.ToLowerInvariant());
            return named >= 0 ? named + Min
                : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= Min && value <= Max ? value
                : null;
        }
    }
}
