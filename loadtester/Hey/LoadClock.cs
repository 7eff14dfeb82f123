namespace CanaryFunctions.LoadTester.Hey;

/// <summary>Wall-clock time since a load began.</summary>
internal sealed class LoadClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
