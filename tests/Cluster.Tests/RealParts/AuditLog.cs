using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>The API server's own record of requests.</summary>
internal sealed class AuditLog(string file)
{
    /// <summary>Where the next entry will be: requests from here on are those after this moment.</summary>
    internal long End => new FileInfo(file).Length;

    /// <summary>Complete entries of one user between two positions; to the end by default.</summary>
    internal IEnumerable<JsonNode> Of(string user, long from = 0, long to = long.MaxValue)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(from, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        var position = from;
        while (position < to && reader.ReadLine() is { } line)
        {
            position += line.Length + 1;

            // The API server may be writing its last line.
            if (line.EndsWith('}') && line.Contains(user, StringComparison.Ordinal) && JsonNode.Parse(line) is { } entry && entry.Text("user", "username") == user)
            {
                yield return entry;
            }
        }
    }
}
