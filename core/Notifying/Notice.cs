using System.Text.Json;
using System.Text.Json.Serialization;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Notifying;

/// <summary>A transition that people or hooks are to be told of, before it is known who they are.</summary>
/// <param name="Id">Made of uid, run and transition; every delivery's id derives from it.</param>
/// <param name="Checksum">Of the revision, as hooks get it (contracts/hooks-alerts.md 1.4).</param>
public sealed record Notice(string Id, string Namespace, string Name, OutboxEntry Entry, string Checksum, string? RunId)
{
    /// <summary>As in <see cref="StepMessage.Cluster"/>.</summary>
    public string? Cluster { get; init; }

    public QueueMessage ToMessage() => new(QueueNames.Notices, Id, JsonSerializer.Serialize(this, MessageJson.Default.Notice));
}

/// <summary>One notice for one receiver.</summary>
/// <param name="Id">The notice's id and the receiver's name.</param>
/// <param name="Receiver">What it goes to.</param>
/// <param name="Target">Name of the hook, or <c>name.namespace</c> of the AlertProvider, or <c>slack</c>, <c>msteams</c>, <c>events</c> for the install's own.</param>
public sealed record Delivery(string Id, ReceiverKind Receiver, string Target, Notice Notice)
{
    /// <summary>Deliveries tried so far.</summary>
    public int Attempts { get; init; }

    /// <summary>As <see cref="CanaryStatus.Deliveries"/> and <see cref="CanaryStatus.Claims"/> have it.</summary>
    [JsonIgnore]
    public string RecordedId => RunIds.Short(Id);

    public QueueMessage ToMessage(string id, DateTimeOffset? notBefore = null)
        => new(QueueNames.Deliveries, id, JsonSerializer.Serialize(this, MessageJson.Default.Delivery), notBefore);
}

public enum ReceiverKind
{
    /// <summary>An AlertProvider object that the Canary names.</summary>
    AlertProvider,

    /// <summary>A chat address in the install's settings.</summary>
    InstallChat,

    /// <summary>An event hook of the Canary.</summary>
    EventHook,

    /// <summary>The event webhook in the install's settings.</summary>
    InstallEventHook,

    /// <summary>A post-rollout hook of the Canary.</summary>
    PostRollout,
}
