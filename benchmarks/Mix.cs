namespace CanaryFunctions.Benchmarks;

/// <summary>What comes in: of ten reviews seven are of Deployments without a Canary, one sets a target's image, and a Canary is applied (mutate, then validate).</summary>
internal sealed class Mix
{
    private const int Variants = 200;

    private readonly (string Path, byte[] Body)[] _reviews = [.. Enumerable.Range(0, Variants).Select(Review)];

    internal (string Path, byte[] Body) this[long number] => _reviews[number % Variants];

    private static (string Path, byte[] Body) Review(int number)
    {
        var uid = $"review-{number}";
        var target = $"app-{number % Samples.Targets}";
        return (number % 10) switch
        {
            7 => ("detect", Samples.Update(uid, Samples.Deployment(target, "1.0.1"), Samples.Deployment(target, "1.0.0"))),
            8 => ("mutate", Samples.Update(uid, Samples.Canary(number % Samples.Targets, threshold: 5), Samples.Canary(number % Samples.Targets))),
            9 => ("validate", Samples.Update(uid, Samples.Canary(number % Samples.Targets, threshold: 5), Samples.Canary(number % Samples.Targets))),
            _ => ("detect", Samples.Update(uid, Samples.Deployment($"other-{number}", "1.0.1"), Samples.Deployment($"other-{number}", "1.0.0"))),
        };
    }
}
