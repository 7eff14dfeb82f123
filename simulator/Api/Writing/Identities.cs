using System.Security.Cryptography;
using System.Text;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>Uids and generated names: unique within a server, and different from server to server.</summary>
internal sealed class Identities
{
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    private readonly string _seed = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
    private long _count;

    public string Uid(string what)
    {
        var bytes = Next(what);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40); // the form of a random uuid, which clients expect
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes.AsSpan(0, 16), bigEndian: true).ToString();
    }

    /// <summary>Five letters, as the real server appends to generateName.</summary>
    public string Suffix(string what) => string.Concat(Next(what).Take(5).Select(b => Letters[b % Letters.Length]));

    private byte[] Next(string what) => SHA256.HashData(Encoding.UTF8.GetBytes($"{_seed}/{what}/{Interlocked.Increment(ref _count)}"));
}
