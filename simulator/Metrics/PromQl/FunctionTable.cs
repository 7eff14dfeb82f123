using System.Collections.Frozen;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>All functions by name.</summary>
internal static class FunctionTable
{
    private static readonly FrozenDictionary<string, Function> ByName = Enumerable.Empty<Function>()
        .Concat(CounterFunctions.All)
        .Concat(OverTimeFunctions.All)
        .Concat(MathFunctions.All)
        .Concat(VectorFunctions.All)
        .Concat(LabelFunctions.All)
        .Append(HistogramQuantile.Function)
        .ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>All of them, sorted by name.</summary>
    public static IEnumerable<Function> All => ByName.Values.OrderBy(function => function.Name, StringComparer.Ordinal);

    /// <summary>The function, or null. Names are case-sensitive.</summary>
    public static Function? Find(string name) => ByName.GetValueOrDefault(name);
}
