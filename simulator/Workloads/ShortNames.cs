using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Engine;

namespace CanaryFunctions.Simulator.Workloads;

/// <summary>Suffixes of generated names. Derived from what they name, so that doing a step again makes the same name and not a second object.</summary>
internal static class ShortNames
{
    // Without vowels and look-alikes, as Kubernetes has it, so that no word and no misreading comes about.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Ten characters that stand for a pod template.</summary>
    public static string OfTemplate(JsonNode? template) => Of(TemplateHash.Of(template), 10);

    public static string Of(string text, int length)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(length, hash, static (span, bytes) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }
}
