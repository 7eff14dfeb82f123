using System.Globalization;
using System.Text;

namespace CanaryFunctions.Webhook.Scaling.Grpc;

/// <summary>The text of a <c>grpc-message</c> header: UTF-8, of which only printable ASCII without <c>%</c> stays as it is.</summary>
internal static class GrpcStatusText
{
    // Headers are bounded, and a client drops the whole answer when they are not.
    private const int MaxBytes = 1024;

    public static string Encode(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var rune in message.EnumerateRunes())
        {
            if (text.Length >= MaxBytes)
            {
                return text.Append("...").ToString();
            }

            if (rune.Value is >= ' ' and <= '~' and not '%')
            {
                text.Append((char)rune.Value);
            }
            else
            {
                AppendEscaped(text, rune);
            }
        }

        return text.ToString();
    }

    private static void AppendEscaped(StringBuilder text, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var octet in bytes[..rune.EncodeToUtf8(bytes)])
        {
            text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
    }
}
