using System.Globalization;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit, <c>H M S m u n</c> from hours to nanoseconds.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    // More than a timer takes, and longer than any connection lives: as good as none.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    /// <summary>Null for no deadline.</summary>
    /// <exception cref="GrpcException">INTERNAL: it cannot be read.</exception>
    public static TimeSpan? Read(string? header)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        if (header.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            || TicksOf(header[^1]) is not { } unit)
        {
            throw new GrpcException(GrpcCode.Internal, $"grpc-timeout: '{header}' must be one to eight digits and one of H, M, S, m, u, n.");
        }

        var timeout = amount * unit >= Longest.Ticks ? (TimeSpan?)null : TimeSpan.FromTicks((long)(amount * unit));
        return timeout;
    }

    private static double? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 1.0 / TimeSpan.NanosecondsPerTick,
        _ => null,
    };
}
