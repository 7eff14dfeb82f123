using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CanaryFunctions.Platform.Queues.Rest;

namespace CanaryFunctions.Platform.Queues.ServiceBus;

/// <summary>
/// Makes tokens from a shared access key (contracts/azure-keda.md 2.4), for the whole namespace, and keeps each for four fifths of its life. The key is
/// used as text, not decoded.
/// </summary>
internal sealed class SasSigner(Uri endpoint, string keyName, string key, ServerClock clock) : IRequestSigner
{
    // Long enough that an hour's fifth hides any sane difference of clocks; the service's clock counts where it is known.
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private volatile Token? _token;

    public ValueTask SignAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var now = clock.Now;
        var token = _token;
        if (token is null || now >= token.RenewAt || now < token.MadeAt - Life)
        {
            _token = token = new Token(Make(endpoint, keyName, key, now + Life), now, now + (Life * 0.8));
        }

        request.Headers.TryAddWithoutValidation("Authorization", token.Text);
        return ValueTask.CompletedTask;
    }

    public void Forget() => _token = null;

    internal static string Make(Uri resource, string keyName, string key, DateTimeOffset expiry)
    {
        var encoded = WebUtility.UrlEncode(resource.AbsoluteUri);
        var seconds = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{encoded}\n{seconds}"));
        return $"SharedAccessSignature sr={encoded}&sig={WebUtility.UrlEncode(Convert.ToBase64String(signature))}&se={seconds}&skn={WebUtility.UrlEncode(keyName)}";
    }

    private sealed record Token(string Text, DateTimeOffset MadeAt, DateTimeOffset RenewAt);
}
