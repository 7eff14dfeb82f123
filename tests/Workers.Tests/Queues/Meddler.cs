namespace CanaryFunctions.Workers.Tests.Queues;

/// <summary>Decides by a seed what happens to each message that is sent, and counts it. Thread-safe.</summary>
internal sealed class Meddler(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    internal int Sent { get; private set; }

    internal int Doubled { get; private set; }

    internal int Delayed { get; private set; }

    /// <summary>Extra delays, one for each copy that is to be kept; most often a single zero.</summary>
    internal IReadOnlyList<TimeSpan> Next()
    {
        lock (_gate)
        {
            Sent++;
            switch (_random.Next(10))
            {
                case 0:
                    // At the same moment, which is the hardest: two workers take them side by side.
                    Doubled++;
                    return [TimeSpan.Zero, TimeSpan.Zero];
                case 1:
                    Doubled++;
                    return [TimeSpan.Zero, TimeSpan.FromSeconds(_random.Next(1, 4))];
                case 2:
                    Delayed++;
                    return [TimeSpan.FromSeconds(_random.Next(1, 3))];
                default:
                    return [TimeSpan.Zero];
            }
        }
    }
}
