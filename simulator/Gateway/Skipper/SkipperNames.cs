using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>Names that Skipper gives to routes and metric labels (contracts/routing-metrics.md 1.5 and 2.3).</summary>
internal static partial class SkipperNames
{
    public const string IngressClass = "skipper";

    /// <summary><c>kube_NS__INGRESS__HOST__PATH__BACKEND</c>, each part with what is not a word character replaced by an underscore.</summary>
    public static string RouteId(string ns, string ingress, string host, string path, string backend)
        => $"kube_{Word(ns)}__{Word(ingress)}__{Word(host)}__{Word(path)}__{Word(backend)}";

    /// <summary>A host as the label of the host metrics.</summary>
    public static string HostKey(string host) => host.Replace('.', '_').Replace(":", "__", StringComparison.Ordinal);

    private static string Word(string text) => NonWord().Replace(text, "_");

    // ASCII only: .NET's \W would spare letters that Skipper replaces.
    [GeneratedRegex("[^0-9A-Za-z_]")]
    private static partial Regex NonWord();
}
