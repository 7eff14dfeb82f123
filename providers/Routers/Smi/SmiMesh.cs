namespace CanaryFunctions.Providers.Routers.Smi;

/// <summary>Who carries out a TrafficSplit. It decides which series the built-in checks read.</summary>
internal enum SmiMesh
{
    /// <summary>Not said.</summary>
    Any,
    Istio,
    Linkerd,
    Osm,
}
