namespace CanaryFunctions.Benchmarks.ColdStart;

/// <summary>A way to publish and to start the functions app.</summary>
/// <param name="Name">As it stands in the table.</param>
/// <param name="Properties">For <c>dotnet publish</c>; empty for the documented way.</param>
/// <param name="Environment">For the process.</param>
internal sealed record ColdStartVariant(string Name, IReadOnlyList<string> Properties, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string[] Documented = [];

    public static ColdStartVariant AsPublished { get; } = Started("as published");

    /// <summary>What docs/adr/0016-cold-start.md compares.</summary>
    public static IReadOnlyList<ColdStartVariant> All { get; } =
    [
        AsPublished,
        Published("not composite", "-p:PublishReadyToRunComposite=false"),
        Published("not trimmed", "-p:PublishTrimmed=false"),
        Published("neither", "-p:PublishReadyToRunComposite=false", "-p:PublishTrimmed=false"),
        Published("machine's .NET, ReadyToRun", "-p:SelfContained=false"),
        Published("machine's .NET, compiled when used", "-p:SelfContained=false", "-p:PublishReadyToRun=false"),
        Started("server GC", ("DOTNET_gcServer", "1")),
        Started("concurrent GC", ("DOTNET_gcConcurrent", "1")),
        Started("TieredPGO on", ("DOTNET_TieredPGO", "1")),
        Started("no tiers: TieredCompilation off", ("DOTNET_TieredCompilation", "0")),
        Started("no native code: ReadyToRun off", ("DOTNET_ReadyToRun", "0")),
        Started("with cultures", ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "0")),
    ];

    private static ColdStartVariant Published(string name, params string[] properties) => new(name, properties, new Dictionary<string, string>());

    private static ColdStartVariant Started(string name, params (string Name, string Value)[] environment)
        => new(name, Documented, environment.ToDictionary(e => e.Name, e => e.Value));
}
