using CanaryFunctions.Core.Admission;

namespace CanaryFunctions.Webhook.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: it also knows enough to answer reviews well.</summary>
internal sealed class HealthEndpoints(TargetIndex index, Func<bool> isRegistered)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", http => http.Response.WriteAsync("ok", http.RequestAborted));
        routes.MapGet("/readyz", ReadyAsync);
    }

    private Task ReadyAsync(HttpContext http)
    {
        var (indexed, registered) = (index.IsSynced, isRegistered());
        http.Response.StatusCode = indexed && registered ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync($"index {Word(indexed)}\nregistration {Word(registered)}\n", http.RequestAborted);
    }

    private static string Word(bool isReady) => isReady ? "ok" : "not ready";
}
