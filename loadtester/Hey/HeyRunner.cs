namespace CanaryFunctions.LoadTester.Hey;

/// <summary>Runs one load: durations divided by the speed, rates multiplied by it, per-request timeouts as they are.</summary>
/// <param name="answered">Told the status of each answer, 0 for none.</param>
internal sealed class HeyRunner(TimeProvider time, double speed, Uri? clusterProxy, Action<int> answered)
{
    private const double MostKept = 1000;

    /// <summary>Ends with the report, also when stopped early.</summary>
    public async Task<HeyReport> RunAsync(HeyFlags flags, CancellationToken stop)
    {
        using var http = HeyTransport.Create(flags, clusterProxy);
        var clock = new LoadClock(time);

        // A hiccup of the machine weighs as little at a high speed as it would in real time.
        var schedule = new TickSchedule(TickSchedule.TickFor(flags.RatePerWorker * speed), kept: Math.Max(1, (int)Math.Min(speed, MostKept)));
        TimeSpan? end = flags.Duration > TimeSpan.Zero ? flags.Duration / speed : null;
        var workers = Enumerable.Range(0, flags.Workers).Select(_ => new HeyWorker(flags, http, clock, schedule, end, answered)).ToList();
        try
        {
            await Task.WhenAll(workers.Select(w => w.RunAsync(stop)));
            var stats = new HeyStats();
            workers.ForEach(w => stats.Add(w.Stats));
            return new(stats, clock.Elapsed * speed);
        }
        finally
        {
            workers.ForEach(w => w.Dispose());
        }
    }
}
