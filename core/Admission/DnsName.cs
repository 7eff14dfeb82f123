using System.Buffers;

namespace CanaryFunctions.Core.Admission;

/// <summary>Kubernetes' rules for names (RFC 1123 and 1035).</summary>
internal static class DnsName
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>Lower-case letters, digits and '-', starting and ending with a letter or digit.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text, int maxLength = 63)
        => text.Length > 0 && text.Length <= maxLength && !text.ContainsAnyExcept(LabelCharacters) && text[0] != '-' && text[^1] != '-';

    /// <summary>Labels joined by dots, 253 characters at most.</summary>
    public static bool IsSubdomain(ReadOnlySpan<char> text, int maxLength = 253)
    {
        if (text.Length > maxLength)
        {
            return false;
        }

        foreach (var part in text.Split('.'))
        {
            if (!IsLabel(text[part], maxLength))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A label that starts with a letter, as Services want it.</summary>
    public static bool IsServiceName(ReadOnlySpan<char> text, int maxLength) => IsLabel(text, maxLength) && char.IsAsciiLetter(text[0]);

    /// <summary>A name of a container port: a label of 15 characters at most, with a letter and without "--".</summary>
    public static bool IsPortName(ReadOnlySpan<char> text)
        => IsLabel(text, 15) && text.ContainsAnyInRange('a', 'z') && !text.Contains("--", StringComparison.Ordinal);

    /// <summary>A key of a label or annotation: a name, or a DNS name, '/' and a name.</summary>
    public static bool IsQualifiedName(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash < 0 ? IsName(text) : IsSubdomain(text[..slash]) && IsName(text[(slash + 1)..]);
    }

    /// <summary>The value of a label; it may be empty.</summary>
    public static bool IsLabelValue(ReadOnlySpan<char> text) => text.Length == 0 || IsName(text);

    private static bool IsName(ReadOnlySpan<char> text)
        => text.Length is > 0 and <= 63 && !text.ContainsAnyExcept(NameCharacters) && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);
}
