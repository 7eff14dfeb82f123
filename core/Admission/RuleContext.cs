using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission;

/// <summary>What the rules need to know besides the spec.</summary>
/// <param name="Namespace">The object's namespace.</param>
/// <param name="Provider">The provider that applies; null when neither spec nor install names one.</param>
/// <param name="Router">Null when the provider is unknown.</param>
/// <param name="Checks">Null when the provider has no built-in checks.</param>
internal sealed record RuleContext(string Namespace, string? Provider, ITrafficRouter? Router, IBuiltInChecks? Checks, bool NoCrossNamespaceRefs)
{
    /// <summary>Reports a reference into another namespace where the install forbids them (contracts/core.md 1.10).</summary>
    public void CheckNamespace(SpecField reference, string what)
    {
        if (reference["namespace"].AsText() is { Length: > 0 } ns && ns != Namespace && NoCrossNamespaceRefs)
        {
            var name = reference["name"].Node is { } node && Objects.KubeObject.Text(node) is { } text ? text : "";
            reference["namespace"].Report($"can't access {what} {name}.{ns}, cross-namespace references are blocked.");
        }
    }
}
