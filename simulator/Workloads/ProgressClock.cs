using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>
/// How long ago a Deployment's rollout last got further. Kept in memory, because the API's times are whole seconds, which at speed 20 are 20 nominal ones.
/// </summary>
internal sealed class ProgressClock(WorkloadOptions options)
{
    private readonly Dictionary<ObjectKey, (string State, DateTimeOffset Since)> _seen = [];

    /// <summary>Whether <c>progressDeadlineSeconds</c> (nominal) passed, and how long it is until then; null where nothing is awaited.</summary>
    public (bool Overdue, TimeSpan? Left) Look(ObjectKey key, DeploymentView view)
    {
        var counts = DeploymentStatus.Counts(view);
        var state = $"{view.Deployment.Uid()}/{view.Current?.Uid()}/{view.Wanted}/{string.Join('/', counts.Values)}";
        var now = options.TimeProvider.GetUtcNow();
        if (!_seen.TryGetValue(key, out var last) || last.State != state)
        {
            last = _seen[key] = (state, now);
        }

        if (DeploymentStatus.IsComplete(view, counts) || view.IsPaused)
        {
            return (false, null);
        }

        var deadline = options.Scaled(TimeSpan.FromSeconds(view.Deployment.Integer("spec", "progressDeadlineSeconds") ?? 600));
        var left = last.Since + deadline - now;
        return left <= TimeSpan.Zero ? (true, null) : (false, left);
    }

    public void Forget(ObjectKey key) => _seen.Remove(key);
}
