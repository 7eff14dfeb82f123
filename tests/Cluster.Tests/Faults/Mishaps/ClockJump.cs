using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults.Mishaps;

internal sealed class ClockJump : Fault
{
    private const int Forward = 3600;
    private const int Back = 20;

    internal override string Name => "The clock of our process jumps";

    internal override async Task<string> PlayAsync(FaultRun run)
    {
        var home = Directory.CreateTempSubdirectory("canary-clock-");
        var clock = Path.Combine(home.FullName, "offset");
        try
        {
            await SetAsync(clock, 0);
            await run.Cluster.Product.DisposeAsync();
            await run.Cluster.StartProductAsync(FakeTime.Settings(clock));

            await run.BeginAndShiftAsync();
            await SetAsync(clock, Forward);
            await run.EndAsync();

            await run.BeginAndShiftAsync();
            await SetAsync(clock, Forward - Back);
            await run.EndAsync();

            await run.BeginAndShiftAsync();
            await SetAsync(clock, -Back);
            await run.EndAsync();
        }
        finally
        {
            await run.Cluster.Product.DisposeAsync();
            await run.Cluster.StartProductAsync();
            home.Delete(recursive: true);
        }

        await run.BeginAsync();
        await run.EndAsync();
        return string.Create(
            CultureInfo.InvariantCulture, $"an hour ahead during a release, {Back} s back during the next, an hour back during the third, and to the true time, with a new start, before the fourth");
    }

    private static Task SetAsync(string file, int seconds) => File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"{seconds:+0;-0;+0}\n"));
}
