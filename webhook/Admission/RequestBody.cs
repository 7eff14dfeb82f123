using Microsoft.Net.Http.Headers;

namespace CanaryFunctions.Webhook.Admission;

/// <summary>Reads the body of a review, within limits, and says what is wrong with one that cannot be taken.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; null when it was refused, and then the answer has been written.</summary>
    /// <param name="limit">Largest body in bytes.</param>
    public static async Task<PooledBody?> ReadAsync(HttpContext http, int limit, ILogger logger)
    {
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "the Content-Type must be application/json", logger);
            return null;
        }

        try
        {
            return await PooledBody.ReadAsync(http.Request, limit);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(http, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is larger than {limit} bytes" : "the body did not arrive whole", logger);
            return null;
        }
    }

    /// <summary>Answers that the request is no review.</summary>
    public static async Task RefuseAsync(HttpContext http, int status, string problem, ILogger logger)
    {
        logger.Refused(http.Request.Path, problem);
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync($"{problem}\n", http.RequestAborted);
    }

    public static async Task AnswerAsync(HttpContext http, byte[] answer)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }
}
