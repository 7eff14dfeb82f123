using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class WebhookUnreachable : Fault
{
    internal override string Name => "The webhook cannot be reached";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var times = run.Times(1, 5);
        var longest = TimeSpan.Zero;
        for (var time = 0; time < times; time++)
        {
            run.Cluster.Product.Process.Pause();
            var asked = TimeProvider.System.GetTimestamp();
            await run.BeginAsync();
            var took = TimeProvider.System.GetElapsedTime(asked);
            longest = took > longest ? took : longest;
            run.Stage.ImageOf("podinfo").ShouldNotBeNull();

            // What the API server sent meanwhile would still be read after a SIGCONT, and this is about the sweep.
            await run.Cluster.Product.DisposeAsync();
            await run.Cluster.StartProductAsync();
            await run.EndAsync();
            run.Cluster.Product.Tail(1000).ShouldContain(line => line.Contains($"The sweep found {run.Stage.Title}: target changed", StringComparison.Ordinal));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{times} times our process stood still (SIGSTOP) while an image was set: the write went through (kubectl took {longest.TotalSeconds:0.0} s at most), and after a new start the sweep found the change");
    }
}
