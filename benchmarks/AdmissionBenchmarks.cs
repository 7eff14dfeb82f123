using BenchmarkDotNet.Attributes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers;
using CanaryFunctions.Webhook;
using CanaryFunctions.Webhook.Admission;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Benchmarks;

/// <summary>From a review's bytes to the verdict, without the network. In this process: a generated project would not find central package versions.</summary>
[InProcess]
[MemoryDiagnoser]
public class AdmissionBenchmarks
{
    private readonly byte[] _foreign = Samples.Update("1", Samples.Deployment("other", "2"), Samples.Deployment("other", "1"));
    private readonly byte[] _foreignLarge = Samples.Update("1", Samples.Deployment("other", "2", 500_000), Samples.Deployment("other", "1", 500_000));
    private readonly byte[] _target = Samples.Update("1", Samples.Deployment("app-1", "2"), Samples.Deployment("app-1", "1"));
    private readonly byte[] _canary = Samples.Update("1", Samples.Canary(1, threshold: 5), Samples.Canary(1));
    private AdmissionPolicy _policy = null!;

    [GlobalSetup]
    public void Setup()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(new CanaryOptions()).AddSingleton<IHttpCaller, NoHttp>().AddProviders().AddCanaryWebhook().BuildServiceProvider();
        var index = services.GetRequiredService<TargetIndex>();
        for (var i = 0; i < Samples.Targets; i++)
        {
            index.Apply(new WatchEvent(WatchEventType.Added, Samples.Canary(i)));
        }

        index.Apply(new WatchEvent(WatchEventType.Synced, null));
        _policy = services.GetRequiredService<AdmissionPolicy>();
    }

    [Benchmark(Description = "not ours, 1 KB")]
    public bool NotOursSmall() => Concerns(_foreign);

    [Benchmark(Description = "not ours, 1 MB")]
    public bool NotOursLarge() => Concerns(_foreignLarge);

    [Benchmark(Description = "detect a target's image")]
    public bool DetectTarget() => Concerns(_target) && _policy.Detect(Read(_target)).Hints.Count == 1;

    [Benchmark(Description = "mutate a Canary")]
    public bool MutateCanary() => _policy.Mutate(Read(_canary)).IsAllowed;

    [Benchmark(Description = "validate a Canary")]
    public bool ValidateCanary() => _policy.Validate(Read(_canary)).IsAllowed;

    private bool Concerns(byte[] body) => ReviewEnvelope.TryRead(body) is not { } about || _policy.Concerns(about.Group, about.Kind, about.Namespace, about.Name);

    private static AdmissionRequest Read(byte[] body)
        => ReviewReader.TryRead(body, out var request, out var problem) ? request : throw new InvalidOperationException(problem);

    /// <summary>Nothing is called here.</summary>
    private sealed class NoHttp : IHttpCaller
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new HttpCallException($"{call.Url}: not called in benchmarks");
    }
}
