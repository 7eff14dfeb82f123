using System.Net.Sockets;
using System.Security.Authentication;

namespace CanaryFunctions.Platform.Http;

/// <summary>Says in a few safe words why no answer came. The framework's own texts can hold the URL, and a URL can be a secret.</summary>
public static class TransportErrors
{
    /// <summary>The cause, without host, path or header.</summary>
    public static string Describe(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "host name not found",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "proxy refused the connection",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "connection closed before the answer was complete",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "the answer is not HTTP",
        _ when Find<AuthenticationException>(error) is not null => "the server's certificate is not trusted",
        _ when Find<SocketException>(error) is { } socket => Describe(socket.SocketErrorCode),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS handshake failed",
        HttpIOException or IOException => "connection closed before the answer was complete",
        _ => "request failed",
    };

    /// <summary>The server showed a certificate that was not accepted; trying again cannot help.</summary>
    public static bool IsUntrustedCertificate(Exception error) => Find<AuthenticationException>(error) is not null;

    /// <summary>No connection came about, so that nothing was sent.</summary>
    public static bool IsNotConnected(HttpRequestException error) => error.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static string Describe(SocketError code) => code switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "connection reset",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "host name not found",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "host unreachable",
        SocketError.TimedOut => "connection timed out",
        _ => $"connection failed ({code})",
    };

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
