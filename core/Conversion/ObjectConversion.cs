using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Conversion;

/// <summary>An object of ours in another of the versions that are served.</summary>
public static class ObjectConversion
{
    private static readonly string[] Known = [ApiVersions.V1Alpha3, ApiVersions.V1Beta1];

    /// <summary>The object in the version; the argument stays as it is.</summary>
    /// <exception cref="ConversionException">The kind is not ours, or one of the two versions does not exist.</exception>
    public static JsonObject Convert(JsonObject obj, string apiVersion)
    {
        var from = obj.Text("apiVersion") ?? "";
        CheckVersion(obj, from);
        CheckVersion(obj, apiVersion);
        return obj.Text("kind") switch
        {
            "Canary" when from != apiVersion => apiVersion == ApiVersions.V1Beta1 ? CanaryConversion.ToV1Beta1(obj) : CanaryConversion.ToV1Alpha3(obj),
            "Canary" or "MetricTemplate" or "AlertProvider" => WithVersion(obj, apiVersion),
            var kind => throw new ConversionException($"{Describe(obj)}: kind '{kind}' cannot be converted; these can: AlertProvider, Canary, MetricTemplate."),
        };
    }

    private static JsonObject WithVersion(JsonObject obj, string apiVersion)
    {
        var result = obj.Copy();
        result["apiVersion"] = apiVersion;
        return result;
    }

    private static void CheckVersion(JsonObject obj, string apiVersion)
    {
        if (!Known.Contains(apiVersion))
        {
            throw new ConversionException($"{Describe(obj)}: version '{apiVersion}' is not one of {string.Join(", ", Known)}.");
        }
    }

    private static string Describe(JsonObject obj) => $"{obj.Text("kind") ?? "object"} {obj.Name()}.{obj.Namespace()}";
}

/// <summary>An object that cannot be had in the version asked for.</summary>
public sealed class ConversionException(string message) : Exception(message);
