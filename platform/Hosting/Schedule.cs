using System.Globalization;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>When a timer function runs: an NCRONTAB or a fixed distance.</summary>
public sealed class Schedule
{
    private readonly NcronTab? _cron;
    private readonly TimeSpan _every;

    private Schedule(NcronTab? cron, TimeSpan every) => (_cron, _every) = (cron, every);

    /// <param name="text">NCRONTAB with six fields, a TimeSpan (<c>00:00:30</c>), or <c>%SETTING%</c> whose setting holds one of these.</param>
    /// <param name="setting">Looks settings up.</param>
    /// <exception cref="FormatException">Neither, or there is no such setting.</exception>
    public static Schedule Parse(string text, Func<string, string?> setting)
    {
        if (text.Length > 2 && text[0] == '%' && text[^1] == '%')
        {
            var name = text[1..^1];
            text = setting(name) is { Length: > 0 } value ? value : throw new FormatException($"schedule '{text}': there is no setting {name}.");
        }

        if (text.Contains(' ', StringComparison.Ordinal))
        {
            return new Schedule(NcronTab.Parse(text), default);
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var every) && every > TimeSpan.Zero
            ? new Schedule(null, every)
            : throw new FormatException($"schedule '{text}': is neither an NCRONTAB with six fields nor a positive TimeSpan such as 00:00:30.");
    }

    /// <summary>How long from now to the next run; null for never.</summary>
    public TimeSpan? DelayAfter(DateTimeOffset now) => _cron is null ? _every : _cron.Next(now) - now;
}
