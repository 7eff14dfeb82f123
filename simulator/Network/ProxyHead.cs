using System.Buffers;
using System.Globalization;
using System.Text;

namespace CanaryFunctions.Simulator.Network;

/// <summary>The head of a request to a forward proxy, taken apart.</summary>
/// <param name="Authority">Host and port of an absolute-form or CONNECT request; empty for origin form.</param>
/// <param name="Text">The head to hand on, in origin form, with the authority in a header of its own; with the empty line that ends it.</param>
/// <param name="ContentLength">Bytes of body that follow; 0 for none, -1 for chunks.</param>
internal sealed record ProxyHead(string Method, string Authority, string Text, long ContentLength)
{
    /// <summary>
    /// Carries the authority past the HTTP server, which would replace the Host header by it. The two differ on purpose when a request is sent to a
    /// gateway's Service with an application's host name.
    /// </summary>
    public const string AuthorityHeader = "x-cluster-authority";

    /// <summary>Reads a head up to and without its empty line. Anything odd is handed on as it is, for the HTTP server to refuse.</summary>
    public static ProxyHead Parse(ReadOnlySequence<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var lines = text.Split("\r\n");
        var contentLength = BodyLength(lines);
        if (lines[0].Split(' ') is not [var method, var target, var version])
        {
            return new("", "", text + "\r\n\r\n", contentLength);
        }

        if (method == "CONNECT")
        {
            return new(method, target, text + "\r\n\r\n", 0);
        }

        const string Scheme = "http://";
        if (!target.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(method, "", text + "\r\n\r\n", contentLength);
        }

        var rest = target[Scheme.Length..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var authority = end < 0 ? rest : rest[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var path = end < 0 ? "/" : rest[end] == '?' ? $"/{rest[end..]}" : rest[end..];
        lines[0] = $"{method} {path} {version}\r\n{AuthorityHeader}: {authority}";
        return new(method, authority, string.Join("\r\n", lines) + "\r\n\r\n", contentLength);
    }

    /// <summary>Splits <c>host:port</c>; the port is 80 where it is missing. Null for text that is neither.</summary>
    public static (string Host, int Port)? SplitAuthority(string authority)
    {
        var colon = authority.LastIndexOf(':');
        if (colon < 0)
        {
            return authority.Length == 0 ? null : (authority, 80);
        }

        return colon > 0 && int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? (authority[..colon], port)
            : null;
    }

    private static long BodyLength(string[] lines)
    {
        var length = 0L;
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':');
            var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                return -1;
            }

            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                length = parsed;
            }
        }

        return length;
    }
}
