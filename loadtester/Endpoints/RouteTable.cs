namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>Finds the route of a request. A path that is not known is an error and never a task: a mistyped gate must be seen.</summary>
internal sealed class RouteTable(IReadOnlyList<Route> routes)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context);
        }
        catch (ShuttingDownException e)
        {
            await Answer.TextAsync(context, 503, e.Message);
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var onPath = routes.Where(r => r.Matches(path)).ToList();
        if (onPath.Count == 0)
        {
            return Answer.TextAsync(context, 404, $"path '{path}' is not known; use one of: {string.Join(", ", routes)}");
        }

        var method = context.Request.Method;
        if (onPath.Find(r => r.Method is null || HttpMethods.Equals(r.Method, method)) is { } route)
        {
            return route.Handle(context);
        }

        var allowed = string.Join(", ", onPath.Select(r => r.Method));
        context.Response.Headers.Allow = allowed;
        return Answer.TextAsync(context, 405, $"method {method} is not allowed on '{path}'; use {allowed}");
    }
}
