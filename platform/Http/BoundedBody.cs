using System.Text;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Platform.Http;

/// <summary>Reads an answer without letting its sender decide how much memory that takes.</summary>
internal static class BoundedBody
{
    public const int Limit = 64 * 1024;
    public const int QueryLimit = 4 * 1024 * 1024;

    /// <param name="isQuery">The answer is data: a part of it is worth nothing, so it may be longer, and too long is an error.</param>
    public static async Task<HttpAnswer> AnswerAsync(HttpResponseMessage response, bool isQuery, TimeProvider time, CancellationToken ct)
    {
        var limit = isQuery ? QueryLimit : Limit;
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[16 * 1024];
        int read;
        while (body.Length <= limit && (read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        if (isQuery && body.Length > limit)
        {
            throw new HttpCallException($"the answer is longer than {QueryLimit / 1024 / 1024} MiB");
        }

        var text = Encoding.UTF8.GetString(body.GetBuffer().AsSpan(0, (int)Math.Min(body.Length, limit)));
        return new HttpAnswer((int)response.StatusCode, text, RetryAfter(response, time));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}
