using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Conversion;

/// <summary>The versions that our kinds are served in.</summary>
public static class ApiVersions
{
    /// <summary>What older manifests are written in.</summary>
    public const string V1Alpha3 = $"{Kinds.FlaggerGroup}/v1alpha3";

    /// <summary>What is stored, and what everything but conversion deals with.</summary>
    public const string V1Beta1 = $"{Kinds.FlaggerGroup}/v1beta1";
}
