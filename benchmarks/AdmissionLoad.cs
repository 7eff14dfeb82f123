using System.Collections.Concurrent;
using System.Globalization;

namespace CanaryFunctions.Benchmarks;

/// <summary>
/// Reviews at a steady rate against the webhook's process, whether or not earlier ones are answered, as API servers send them. Says what they took, inside the
/// process and for the caller, and what a review costs in memory.
/// </summary>
internal static class AdmissionLoad
{
    private const double TargetMilliseconds = 5;
    private const int Foreign = 300;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>0 when the 99th percentile inside the process is below the target.</summary>
    internal static async Task<int> RunAsync(LoadOptions options)
    {
        using var webhook = await ServedWebhook.StartAsync();
        var mix = new Mix();
        await SendAsync(webhook, mix, options with { Duration = WarmUp });
        await webhook.TimesAsync();

        var caller = await SendAsync(webhook, mix, options);
        var inside = new Percentiles(await webhook.TimesAsync());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{options.Rate} reviews/s for {options.Duration.TotalSeconds:0} s, {Environment.ProcessorCount} processors"));
        Console.WriteLine($"inside the process   {inside}");
        Console.WriteLine($"for the caller       {caller}");
        foreach (var (name, path, body) in Sizes())
        {
            var bytes = await BytesPerReviewAsync(webhook, path, body);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {bytes:0} bytes allocated a review"));
        }

        var isMet = inside.At(99) < TargetMilliseconds;
        Console.WriteLine($"target: p99 inside the process under {TargetMilliseconds} ms: {(isMet ? "met" : "missed")}");
        return isMet ? 0 : 1;
    }

    private static IEnumerable<(string Name, string Path, byte[] Body)> Sizes()
    {
        yield return ("not ours, 1 KB", "detect", Of("other", padding: 0));
        yield return ("not ours, 1 MB", "detect", Of("other", padding: 500_000));
        yield return ("a target's image", "detect", Of("app-1", padding: 0));

        static byte[] Of(string name, int padding) => Samples.Update("size", Samples.Deployment(name, "1.0.1", padding), Samples.Deployment(name, "1.0.0", padding));
    }

    // One after the other, so that buffers need not be there twice.
    private static async Task<double> BytesPerReviewAsync(ServedWebhook webhook, string path, byte[] body)
    {
        for (var i = 0; i < Foreign; i++)
        {
            await webhook.ReviewAsync(path, body);
        }

        var before = await webhook.BytesAsync();
        for (var i = 0; i < Foreign; i++)
        {
            await webhook.ReviewAsync(path, body);
        }

        return (await webhook.BytesAsync() - before) / (double)Foreign;
    }

    // Each is timed from the moment it was due: one that had to wait here has waited for its caller too.
    private static async Task<Percentiles> SendAsync(ServedWebhook webhook, Mix mix, LoadOptions options)
    {
        var time = TimeProvider.System;
        var times = new ConcurrentQueue<double>();
        var open = new List<Task>();
        var count = (long)(options.Rate * options.Duration.TotalSeconds);
        var start = time.GetTimestamp();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        for (var next = 0L; next < count; await clock.WaitForNextTickAsync())
        {
            var due = (long)(time.GetElapsedTime(start).TotalSeconds * options.Rate);
            for (; next <= due && next < count; next++)
            {
                open.Add(OneAsync(next));
            }
        }

        await Task.WhenAll(open);
        return new(times);

        async Task OneAsync(long number)
        {
            var (path, body) = mix[number];
            await webhook.ReviewAsync(path, body);
            times.Enqueue(time.GetElapsedTime(start).TotalSeconds - ((double)number / options.Rate));
        }
    }
}
