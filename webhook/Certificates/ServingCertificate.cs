using System.Security.Cryptography.X509Certificates;

namespace CanaryFunctions.Webhook.Certificates;

/// <summary>The certificate that new connections are served with. Changing it disturbs no connection that is there. Thread-safe for readers.</summary>
internal sealed class ServingCertificate : IDisposable
{
    private volatile X509Certificate2? _current;
    private string? _text;

    // A handshake that began a moment ago may still read it.
    private X509Certificate2? _former;

    /// <summary>Null before the first <see cref="Use"/>.</summary>
    public X509Certificate2? Current => _current;

    /// <summary>True when it is another one than before.</summary>
    public bool Use(PemPair pair)
    {
        if (_text == pair.Certificate)
        {
            return false;
        }

        var loaded = pair.Load();
        _former?.Dispose();
        (_former, _text) = (_current, pair.Certificate);
        _current = loaded;
        return true;
    }

    public void Dispose()
    {
        _former?.Dispose();
        _current?.Dispose();
    }
}
