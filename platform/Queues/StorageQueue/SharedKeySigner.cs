using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>Signs each request with the account's key (contracts/azure-keda.md 3.2).</summary>
/// <param name="key">Decoded.</param>
internal sealed class SharedKeySigner(string account, byte[] key, ServerClock clock) : IRequestSigner
{
    public ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.Remove("x-ms-date");
        request.Headers.TryAddWithoutValidation("x-ms-date", clock.Now.UtcDateTime.ToString("R"));
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(TextToSign(request, account)));
        request.Headers.Authorization = new AuthenticationHeaderValue("SharedKey", $"{account}:{Convert.ToBase64String(signature)}");
        return ValueTask.CompletedTask;
    }

    public void Forget()
    {
        // Every request is signed anew, by the clock that the refusal told.
    }

    internal static string TextToSign(HttpRequestMessage request, string account)
    {
        var content = request.Content?.Headers;
        var length = content?.ContentLength is { } bytes and > 0 ? bytes.ToString(CultureInfo.InvariantCulture) : "";

        // Encoding, language, length, MD5, type, date (x-ms-date has it), four conditions, range: we send a few of them.
        var text = new StringBuilder($"{request.Method}\n\n\n{length}\n\n{content?.ContentType}\n\n\n\n\n\n\n");
        foreach (var (name, values) in request.Headers.Where(h => h.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase)).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append(name.ToLowerInvariant()).Append(':').AppendJoin(',', values).Append('\n');
        }

        text.Append('/').Append(account).Append(request.RequestUri!.AbsolutePath);
        foreach (var (name, value) in Parameters(request.RequestUri))
        {
            text.Append('\n').Append(name).Append(':').Append(value);
        }

        return text.ToString();
    }

    /// <summary>Decoded, by name; we never send one twice.</summary>
    private static IEnumerable<(string Name, string Value)> Parameters(Uri url) => url.Query.TrimStart('?')
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2))
        .Select(p => (Uri.UnescapeDataString(p[0]).ToLowerInvariant(), p.Length > 1 ? Uri.UnescapeDataString(p[1]) : ""))
        .OrderBy(p => p.Item1, StringComparer.Ordinal);
}
