using System.Buffers;

namespace CanaryFunctions.Core.Admission;

/// <summary>Names of headers and cookies (RFC 9110, token).</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    public static bool Is(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Characters);
}
