namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    public const string Forbidden = "Forbidden";

    public static Task TextAsync(HttpContext context, int status, string text) => WriteAsync(context, status, text, "text/plain; charset=utf-8");

    public static Task JsonAsync(HttpContext context, int status, string json) => WriteAsync(context, status, json, "application/json; charset=utf-8");

    public static Task EmptyAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, int status, string text, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
