namespace CanaryFunctions.Platform.Http;

/// <summary>How Services of the cluster are reached where neither the map nor a proxy of the cluster says how.</summary>
public enum ServiceAccess
{
    /// <summary>Inside the cluster straight, outside of it through its API server.</summary>
    Auto,

    /// <summary>Straight: this machine knows the cluster's names and has a route to them.</summary>
    Direct,

    /// <summary>Through the API server's service proxy.</summary>
    ApiProxy,
}
