using System.Globalization;

namespace CanaryFunctions.Simulator.Api.Printing;

/// <summary>Durations as kubectl prints ages: 5s, 2m30s, 3h15m, 4d2h, 12d, 1y20d.</summary>
internal static class HumanAge
{
    public static string Since(string? timestamp, DateTimeOffset now)
        => DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? Of(now - time) : "<unknown>";

    public static string Of(TimeSpan age)
    {
        var seconds = (long)age.TotalSeconds;
        var (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
        return seconds switch
        {
            < -1 => "<invalid>",
            < 0 => "0s",
            < 120 => $"{seconds}s",
            _ when minutes < 10 => With($"{minutes}m", seconds % 60, "s"),
            _ when minutes < 180 => $"{minutes}m",
            _ when hours < 8 => With($"{hours}h", minutes % 60, "m"),
            _ when hours < 48 => $"{hours}h",
            _ when hours < 192 => With($"{days}d", hours % 24, "h"),
            _ when days < 730 => $"{days}d",
            _ when days < 2920 => With($"{days / 365}y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    private static string With(string whole, long rest, string unit) => rest == 0 ? whole : $"{whole}{rest}{unit}";
}
