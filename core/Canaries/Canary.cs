using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Canaries;

/// <summary>A Canary as read from the API server: the object itself, and its spec and status in types.</summary>
public sealed class Canary
{
    /// <summary>Keeps a Canary that is being deleted until its application has back what it had.</summary>
    public const string Finalizer = "finalizer.flagger.app";

    // Besides the interval; a held Canary is looked at every half minute.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private Canary(JsonObject raw)
    {
        Raw = raw;
        Key = new(raw.Namespace(), raw.Name());
        Spec = CanarySpec.Read(raw.At("spec"));
        Status = CanaryStatus.Read(raw.ObjectAt("status"));
    }

    /// <summary>The object with every field, known or not.</summary>
    public JsonObject Raw { get; }

    public CanaryKey Key { get; }

    public CanarySpec Spec { get; }

    public CanaryStatus Status { get; }

    public string Uid => Raw.Uid();

    public string Namespace => Key.Namespace;

    public long Generation => Raw.Generation();

    public string ResourceVersion => Raw.ResourceVersion();

    public string TargetName => Spec.TargetRef.Name;

    public string PrimaryName => $"{TargetName}-primary";

    /// <summary>The Service that users call: <c>service.name</c>, or the target's name.</summary>
    public string ApexService => Spec.Service.Name ?? TargetName;

    public string PrimaryService => $"{ApexService}-primary";

    public string CanaryService => $"{ApexService}-canary";

    /// <summary>No step waits longer than this for the next (nominal). One that is due later was planned by a clock that ran ahead.</summary>
    public TimeSpan LongestWait => Spec.Analysis.Interval > LongestPause ? Spec.Analysis.Interval : LongestPause;

    /// <summary>Never throws: what cannot be read is absent, and the validator says so.</summary>
    public static Canary From(JsonObject raw) => new(raw);

    /// <summary>The owner reference that generated objects carry (contracts/routing-metrics.md 1.3).</summary>
    public JsonObject OwnerReference() => new()
    {
        ["apiVersion"] = Kinds.Canary.ApiVersion,
        ["kind"] = Kinds.Canary.Kind,
        ["name"] = Key.Name,
        ["uid"] = Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>Whether the object was generated for this Canary.</summary>
    public bool Owns(JsonObject obj) => obj.ListAt("metadata", "ownerReferences").Any(o => o.Text("uid") == Uid);
}
