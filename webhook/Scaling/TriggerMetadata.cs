using System.Globalization;
using CanaryFunctions.Webhook.Scaling.Grpc;
using CanaryFunctions.Webhook.Scaling.Messages;

namespace CanaryFunctions.Webhook.Scaling;

/// <summary>What a trigger's metadata say about the scaler. KEDA's own keys in it are not ours to judge.</summary>
/// <param name="Namespaces">Only Canaries of these; empty for all.</param>
/// <param name="TargetSize">Steps and notices that one worker takes on.</param>
internal sealed record TriggerMetadata(IReadOnlySet<string> Namespaces, double TargetSize)
{
    public const double DefaultTargetSize = 10;

    private const string Cluster = "cluster";
    private const string NamespaceList = "namespaces";
    private const string Target = "targetSize";
    private const double LargestTargetSize = 10_000;

    private static readonly string[] Keys = [Cluster, NamespaceList, Target];

    public bool Has(string ns) => Namespaces.Count == 0 || Namespaces.Contains(ns);

    /// <param name="cluster">Name of the cluster that this process watches; empty when it has none.</param>
    /// <exception cref="GrpcException">INVALID_ARGUMENT: names every value that cannot be used.</exception>
    public static TriggerMetadata Read(ScaledObjectRef? asked, string cluster)
    {
        if (asked is null)
        {
            throw new GrpcException(GrpcCode.InvalidArgument, "scaledObjectRef: is missing.");
        }

        var (metadata, problems) = (asked.ScalerMetadata, new List<string>());
        foreach (var (key, meant) in Misspelt(metadata.Keys))
        {
            problems.Add($"{key}: '{metadata[key]}' is under a key that nobody reads; did you mean {meant}?");
        }

        if (Text(metadata, Cluster) is { Length: > 0 } wanted && wanted != cluster)
        {
            problems.Add($"{Cluster}: '{wanted}' is not the cluster that this scaler watches; {(cluster.Length > 0 ? $"that is '{cluster}'" : "the scaler's setting cluster-name is empty")}.");
        }

        var result = new TriggerMetadata(ReadNamespaces(metadata, problems), ReadTarget(metadata, problems));
        return problems.Count == 0
            ? result
            : throw new GrpcException(GrpcCode.InvalidArgument, $"ScaledObject {asked.Name}.{asked.Namespace}, metadata of the trigger: {string.Join(" ", problems)}");
    }

    // Kubernetes and KEDA know many spellings of nothing: an empty value is no value.
    private static string Text(IDictionary<string, string> metadata, string key) => metadata.TryGetValue(key, out var text) ? text.Trim() : "";

    private static HashSet<string> ReadNamespaces(IDictionary<string, string> metadata, List<string> problems)
    {
        var names = Text(metadata, NamespaceList).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Where(n => n.Any(c => !(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))))
        {
            problems.Add($"{NamespaceList}: '{name}' is no namespace; give names of lower case letters, digits and -, with commas between them.");
        }

        return names.ToHashSet(StringComparer.Ordinal);
    }

    private static double ReadTarget(IDictionary<string, string> metadata, List<string> problems)
    {
        if (Text(metadata, Target) is not { Length: > 0 } text)
        {
            return DefaultTargetSize;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size) || size is not (>= 1 and <= LargestTargetSize))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{Target}: '{text}' must be a number from 1 to {LargestTargetSize}."));
        }

        return size;
    }

    /// <summary>Keys that are ours but for case or one letter too many. Others are somebody else's: KEDA passes on all that a trigger has.</summary>
    private static IEnumerable<(string Key, string Meant)> Misspelt(IEnumerable<string> keys)
        => from key in keys
           where !Keys.Contains(key, StringComparer.Ordinal)
           let meant = Keys.FirstOrDefault(k => Plain(k) == Plain(key))
           where meant is not null
           orderby key
           select (key, meant);

    private static string Plain(string key) => key.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).TrimEnd('s', 'S').ToUpperInvariant();
}
