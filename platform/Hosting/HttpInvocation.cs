using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>An HTTP request that the Functions host wrapped into an invocation, and the answer on its way back (contracts/azure-keda.md 1.8).</summary>
internal static class HttpInvocation
{
    /// <summary>Calls the function with a request as it was before the host wrapped it; gives the value of <c>Outputs.res</c>.</summary>
    public static async Task<JsonObject> RunAsync(HttpFunction function, JsonNode? request, IServiceProvider services, CancellationToken ct)
    {
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = ct };
        context.Response.Body = answer;
        Fill(context.Request, request);
        await function.RunAsync(context);
        await context.Response.CompleteAsync();

        var headers = new JsonObject();
        foreach (var (name, value) in context.Response.Headers)
        {
            headers[name] = value.ToString();
        }

        return new JsonObject
        {
            ["statusCode"] = context.Response.StatusCode,
            ["headers"] = headers,

            // Without a body the host ignores the status as well.
            ["body"] = Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length)),
        };
    }

    /// <summary>What the host sends as base64.</summary>
    private static bool IsBinary(string? contentType)
        => contentType is not null
            && (contentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase)
                || contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));

    private static void Fill(HttpRequest request, JsonNode? from)
    {
        request.Method = from.Text("Method") ?? "GET";
        if (Uri.TryCreate(from.Text("Url"), UriKind.Absolute, out var url))
        {
            request.Scheme = url.Scheme;
            request.Host = new HostString(url.Authority);
            request.Path = PathString.FromUriComponent(url);
            request.QueryString = QueryString.FromUriComponent(url);
        }
        else
        {
            request.QueryString = new QueryBuilder(from.Map("Query")).ToQueryString();
        }

        foreach (var (name, values) in from.ObjectAt("Headers") ?? [])
        {
            request.Headers[name] = values is JsonArray list ? list.Select(v => v.Text()).ToArray() : values.Text();
        }

        foreach (var (name, value) in from.Map("Params"))
        {
            request.RouteValues[name] = value;
        }

        if (from.At("Body") is { } body)
        {
            var text = body.Text() ?? body.ToJsonString();
            var bytes = IsBinary(request.ContentType) ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
            request.Body = new MemoryStream(bytes);
            request.ContentLength = bytes.Length;
        }
    }
}
