using CanaryFunctions.Simulator.Api.Resources;

namespace CanaryFunctions.Simulator.Api.OpenApi;

/// <summary>The path template of a kind's single objects.</summary>
internal static class OpenApiPaths
{
    public static string Group(ResourceType type) => type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";

    public static string Of(ResourceType type) => $"/{Group(type)}{(type.Namespaced ? "/namespaces/{namespace}" : "")}/{type.Plural}/{{name}}";
}
