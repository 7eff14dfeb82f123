using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanaryFunctions.Core;

/// <summary>Ids that derive from what they name, so that repeating a step makes no new ones.</summary>
internal static class RunIds
{
    /// <summary>Of one run: the Canary, the revision, and when it began.</summary>
    internal static string Of(string uid, string revision, DateTimeOffset start)
        => Short(string.Create(CultureInfo.InvariantCulture, $"{uid}/{revision}/{start.ToUnixTimeMilliseconds()}"));

    /// <summary>Twelve hex digits of the text's SHA-256.</summary>
    internal static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}
