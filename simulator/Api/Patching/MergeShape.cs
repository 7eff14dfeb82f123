using System.Collections.Frozen;
using CanaryFunctions.Simulator.Api.Schemas;

namespace CanaryFunctions.Simulator.Api.Patching;

internal enum ListMerge
{
    Atomic,
    Set,
    Keyed,
}

/// <summary>How lists and maps merge at one place of an object. Immutable; <see cref="Field"/> and <see cref="Item"/> lead further down.</summary>
internal abstract class MergeShape
{
    public virtual ListMerge List => ListMerge.Atomic;

    /// <summary>A map that has one owner as a whole.</summary>
    public virtual bool AtomicMap => false;

    /// <summary>The key of strategic merge patches.</summary>
    public virtual string PatchKey => Keys.Count > 0 ? Keys[0] : "name";

    /// <summary>The keys of server-side apply.</summary>
    public virtual IReadOnlyList<string> Keys => [];

    public abstract MergeShape Field(string name);

    public abstract MergeShape Item { get; }

    public static MergeShape BuiltIn { get; } = new BuiltInShape("", "");

    public static MergeShape For(Schema? schema) => schema is null ? BuiltIn : new SchemaShape(schema, root: true);

    /// <summary>Built-in kinds: the published merge keys by field name, with the parent where a name alone does not say it.</summary>
    private sealed class BuiltInShape(string name, string parent) : MergeShape
    {
        private static readonly FrozenDictionary<string, string[]> KeysByField = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["containers"] = ["name"],
            ["initContainers"] = ["name"],
            ["ephemeralContainers"] = ["name"],
            ["volumes"] = ["name"],
            ["env"] = ["name"],
            ["imagePullSecrets"] = ["name"],
            ["volumeMounts"] = ["mountPath"],
            ["volumeDevices"] = ["devicePath"],
            ["hostAliases"] = ["ip"],
            ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
            ["ownerReferences"] = ["uid"],
            ["conditions"] = ["type"],
            ["secrets"] = ["name"],
            ["webhooks"] = ["name"],
            ["matchConditions"] = ["name"],
            ["podIPs"] = ["ip"],
        }.ToFrozenDictionary(StringComparer.Ordinal);

        public override ListMerge List => name switch
        {
            "finalizers" => ListMerge.Set,
            _ => Keys.Count > 0 ? ListMerge.Keyed : ListMerge.Atomic,
        };

        public override bool AtomicMap => name is "selector" or "labelSelector" or "namespaceSelector" or "objectSelector"
            || name.EndsWith("Ref", StringComparison.Ordinal) || (name == "involvedObject");

        public override IReadOnlyList<string> Keys => name == "ports"
            ? parent is "containers" or "initContainers" ? ["containerPort", "protocol"] : parent == "spec" ? ["port", "protocol"] : []
            : KeysByField.GetValueOrDefault(name, []);

        public override MergeShape Field(string field) => new BuiltInShape(field, name);

        public override MergeShape Item => new BuiltInShape(name, name);
    }

    /// <summary>Custom kinds: what their schema says; unknown parts merge maps and replace lists.</summary>
    private sealed class SchemaShape(Schema schema, bool root = false) : MergeShape
    {
        private static readonly MergeShape Unknown = new SchemaShape(new Schema());

        public override ListMerge List => schema.ListType switch
        {
            "map" => ListMerge.Keyed,
            "set" => ListMerge.Set,
            _ => ListMerge.Atomic,
        };

        public override bool AtomicMap => schema.MapType == "atomic";

        public override IReadOnlyList<string> Keys => schema.ListKeys;

        public override MergeShape Field(string field)
            => root && field == "metadata" ? BuiltIn.Field(field) : schema.Property(field) is { } below ? new SchemaShape(below) : Unknown;

        public override MergeShape Item => schema.Items is { } items ? new SchemaShape(items) : Unknown;
    }
}
