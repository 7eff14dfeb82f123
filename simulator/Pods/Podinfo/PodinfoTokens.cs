using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Simulator.Pods.Podinfo;

/// <summary>Issues and checks podinfo's tokens: JWT with HS256, valid for a minute.</summary>
internal sealed class PodinfoTokens(TimeProvider time)
{
    private const string Issuer = "podinfo";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    // All pods must accept each other's tokens, and the stand-in's tokens protect nothing.
    private static readonly byte[] Key = SHA256.HashData(Encoding.UTF8.GetBytes("podinfo stand-in"));
    private static readonly string Header = Encode("""{"alg":"HS256","typ":"JWT"}""");

    public JsonObject Issue(string user)
    {
        var expires = time.GetUtcNow() + Lifetime;
        var claims = new JsonObject
        {
            ["name"] = user.Length == 0 ? "anonymous" : user,
            ["iss"] = Issuer,
            ["exp"] = expires.ToUnixTimeSeconds(),
        };
        var signed = $"{Header}.{Encode(claims.ToJsonString())}";
        return new() { ["token"] = $"{signed}.{Sign(signed)}", ["expires_at"] = Format(expires) };
    }

    /// <summary>Answers with name and expiry, or with podinfo's error object.</summary>
    public JsonObject Validate(string authorization)
    {
        const string Scheme = "Bearer ";
        if (!authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return Error("authorization bearer header required");
        }

        if (Claims(authorization[Scheme.Length..].Trim()) is not { } claims)
        {
            return Error("signature is invalid");
        }

        if (claims.Text("iss") != Issuer)
        {
            return Error("invalid issuer");
        }

        var expires = DateTimeOffset.FromUnixTimeSeconds((long)(claims.Number("exp") ?? 0));
        return expires < time.GetUtcNow()
            ? Error("Token is expired")
            : new() { ["token_name"] = claims.Text("name") ?? "", ["expires_at"] = Format(expires) };
    }

    private static JsonObject Error(string message) => new() { ["code"] = 401, ["message"] = message };

    private static JsonObject? Claims(string token)
    {
        if (token.Split('.') is not [var header, var body, var signature]
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Sign($"{header}.{body}"))))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Base64Url.DecodeFromChars(body)) as JsonObject;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;                                             // signed by us, yet not of our making
        }
    }

    private static string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(text)));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Format(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
