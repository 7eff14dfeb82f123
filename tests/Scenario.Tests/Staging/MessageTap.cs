using System.Text.Json.Nodes;
using CanaryFunctions.Core;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Between the product and its queue: a scenario sees what is announced, and decides when, how often and in which order it arrives.</summary>
internal sealed class MessageTap
{
    private readonly Lock _gate = new();
    private readonly List<QueueMessage> _announced = [];
    private IStepQueue? _queue;
    private volatile bool _holds;
    private volatile bool _holdsSweeps;
    private int _copies;

    /// <summary>Something was announced.</summary>
    internal event Action? Announced;

    /// <summary>What admission announced, oldest first.</summary>
    internal IReadOnlyList<QueueMessage> Messages
    {
        get
        {
            lock (_gate)
            {
                return [.. _announced];
            }
        }
    }

    /// <summary>For the product's options.</summary>
    internal IStepQueue Between(IStepQueue queue)
    {
        _queue = queue;
        return new Tapped(this, queue);
    }

    /// <summary>What admission announced of the target, each template once.</summary>
    internal int Changes => Messages.Select(m => JsonNode.Parse(m.Body).Text("targetHash")).OfType<string>().Distinct().Count();

    /// <summary>From now on announcements are kept here, and so is what the sweep finds, which would give them away.</summary>
    internal void Hold() => _holds = _holdsSweeps = true;

    /// <summary>From now on what the sweep finds is kept.</summary>
    internal void HoldSweeps() => _holdsSweeps = true;

    /// <summary>From now on everything arrives by itself again; what was kept stays here.</summary>
    internal void LetThrough() => _holds = _holdsSweeps = false;

    /// <summary>Hands one announcement to the functions, as often as it is called.</summary>
    internal Task DeliverAsync(QueueMessage message)
        => _queue!.EnqueueAsync(message with { Id = $"{message.Id}~{Interlocked.Increment(ref _copies)}" }, CancellationToken.None);

    private bool Keeps(QueueMessage message)
    {
        // A copy that looks again is the same announcement, on its way already.
        var body = message.Queue == QueueNames.Steps ? JsonNode.Parse(message.Body) : null;
        var cause = body.Integer("looks") is null or 0 ? body.Text("cause") : null;
        if (cause == StepCauses.Admission)
        {
            lock (_gate)
            {
                _announced.Add(message);
            }

            Announced?.Invoke();
        }

        return (_holds && cause == StepCauses.Admission) || (_holdsSweeps && cause == StepCauses.Sweep);
    }

    private sealed class Tapped(MessageTap tap, IStepQueue queue) : IStepQueue
    {
        public bool OutlivesProcess => queue.OutlivesProcess;

        public Task EnqueueAsync(QueueMessage message, CancellationToken ct) => tap.Keeps(message) ? Task.CompletedTask : queue.EnqueueAsync(message, ct);
    }
}
