using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Admission;

/// <summary>What the rules need to know besides the spec.</summary>
/// <param name="Canary">The object in types, as the engine will read it.</param>
/// <param name="Provider">The provider that applies; null when neither spec nor install names one.</param>
/// <param name="Router">Null when the provider is unknown.</param>
/// <param name="Checks">Null when the provider has no built-in checks.</param>
internal sealed record RuleContext(Canary Canary, string? Provider, ITrafficRouter? Router, IBuiltInChecks? Checks, QueryChecks Queries, CanaryOptions Options)
{
    public TimeSpan MinimumInterval => Options.MinimumInterval;

    /// <summary>Reports a namespace that is none, and a reference into another one where the install forbids them (contracts/core.md 1.10).</summary>
    public void CheckNamespace(SpecField reference, string what)
    {
        reference["namespace"].AsNamespace();
        if (Options.NoCrossNamespaceRefs && reference["namespace"].Node.Text() is { Length: > 0 } ns && ns != Canary.Namespace)
        {
            reference["namespace"].Report($"can't access {what} {reference["name"].Node.Text()}.{ns}, cross-namespace references are blocked (setting no-cross-namespace-refs); use one in {Canary.Namespace}.");
        }
    }
}
