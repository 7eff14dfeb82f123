namespace CanaryFunctions.Platform.Http;

/// <summary>How our requests introduce themselves.</summary>
public static class ProductAgent
{
    /// <summary>Version of this build, such as <c>0.1.0</c>.</summary>
    public static readonly string Version = typeof(ProductAgent).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>The <c>User-Agent</c> header: <c>canary-functions/0.1.0</c>.</summary>
    public static readonly string Value = $"canary-functions/{Version}";
}
