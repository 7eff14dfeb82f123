using System.Text.Encodings.Web;
using System.Text.Json;
using CanaryFunctions.Simulator.Metrics.PromQl;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>Wraps what an endpoint finds out into Prometheus' envelope of status, data and error.</summary>
internal static class ApiReply
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A handler that writes the value of <c>data</c>, or throws one of the exceptions that have an error type.</summary>
    public static RequestDelegate For(PrometheusApiOptions options, Func<HttpContext, ApiParameters, CancellationToken, Task<Action<Utf8JsonWriter>>> answer) =>
        context => HandleAsync(context, options, answer);

    private static async Task HandleAsync(
        HttpContext context, PrometheusApiOptions options, Func<HttpContext, ApiParameters, CancellationToken, Task<Action<Utf8JsonWriter>>> answer)
    {
        var ct = context.RequestAborted;
        try
        {
            var parameters = await ApiParameters.ReadAsync(context.Request);
            var asked = parameters.DurationMs("timeout") is { } ms ? TimeSpan.FromMilliseconds(Math.Max(1, ms)) : options.Timeout;
            using var limit = new CancellationTokenSource(asked < options.Timeout ? asked : options.Timeout, options.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
            var write = await answer(context, parameters, both.Token);
            await WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteString("status", "success");
                json.WritePropertyName("data");
                write(json);
            });
        }
        catch (Exception e) when (e is BadDataException or PromQlTypeException or InvalidDataException)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "bad_data", e.Message);
        }
        catch (PromQlParseException e)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "bad_data", ApiParameters.Invalid("query", e.Message).Message);
        }
        catch (PromQlExecutionException e)
        {
            await FailAsync(context, StatusCodes.Status422UnprocessableEntity, "execution", e.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await FailAsync(context, StatusCodes.Status503ServiceUnavailable, "timeout", "query timed out in expression evaluation");
        }
    }

    private static Task FailAsync(HttpContext context, int status, string type, string error) => WriteAsync(context, status, json =>
    {
        json.WriteString("status", "error");
        json.WriteString("errorType", type);
        json.WriteString("error", error);
    });

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer, Json))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted);
    }
}
