using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace CanaryFunctions.Platform.Hosting;

public static class HttpFunctionEndpoints
{
    /// <summary>Serves the HTTP functions of a registry where no Functions host does. Their authorization level is that host's business and is not checked here.</summary>
    /// <param name="prefix">Route prefix; the Functions host's is <c>api</c>.</param>
    public static IEndpointRouteBuilder MapHttpFunctions(this IEndpointRouteBuilder endpoints, FunctionRegistry registry, string prefix = "api")
    {
        foreach (var function in registry.Functions.OfType<HttpFunction>())
        {
            endpoints.MapMethods($"{prefix}/{function.Route}", function.Methods, function.RunAsync);
        }

        return endpoints;
    }
}
