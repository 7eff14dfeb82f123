using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Core.Engine.Schemas;

/// <summary>
/// Knows whether the served definition of Canaries keeps what a release cannot do without: asked at a process' first step, and again where the last look is
/// some seconds old. Another CRD that was applied over ours is so found before a write loses the status, and not by it. Costs nothing while no step is taken.
/// </summary>
public sealed class SchemaGuard(IClusterClient cluster, CanaryOptions options, TimeProvider time, ILogger<SchemaGuard> logger)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);
    private static readonly ObjectRef Definition = new(Kinds.CustomResourceDefinition, null, $"{Kinds.Canary.Plural}.{Kinds.Canary.Group}");

    private volatile Verdict? _last;

    /// <summary>What is wrong with the served definition; null when nothing is, or when there is none to be read.</summary>
    /// <exception cref="ClusterException">It could not be asked for.</exception>
    public async Task<string?> ProblemAsync(CancellationToken ct)
    {
        var (last, now) = (_last, time.GetUtcNow());
        if (last is not null && now - last.At < options.Scaled(Age))
        {
            return last.Problem;
        }

        var definition = await cluster.GetAsync(Definition, ct).ConfigureAwait(false);
        var version = definition?.ResourceVersion();
        var problem = definition is null ? null : last?.Version == version ? last?.Problem : ServedSchema.Problem(definition);
        _last = new(now, version, problem);
        Tell(last?.Problem, problem);
        return problem;
    }

    /// <summary>A write has lost its fields: whatever was known of the definition is out of date.</summary>
    public void Forget() => _last = null;

    private void Tell(string? before, string? now)
    {
        if (now is not null && now != before)
        {
            logger.SchemaLacksFields(Definition.Name, now);
        }
        else if (now is null && before is not null)
        {
            logger.SchemaRepaired(Definition.Name);
        }
    }

    private sealed record Verdict(DateTimeOffset At, string? Version, string? Problem);
}
