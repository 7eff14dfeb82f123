namespace CanaryFunctions.Infra.Tests.Docs;

/// <summary>A block of commands in a document. Its first line says where it runs.</summary>
/// <param name="Document">Path from the root.</param>
/// <param name="Line">Of the fence, from 1.</param>
/// <param name="Marker">The first line; empty when the block has no line.</param>
/// <param name="Text">All of it.</param>
internal sealed record CommandBlock(string Document, int Line, string Marker, string Text)
{
    private const string Tested = "# Tested: ";

    /// <summary>The test that the marker names, as <c>Class.Method</c>, <c>Class</c>, or a path; null when it is not run.</summary>
    public string? Test => Marker.StartsWith(Tested, StringComparison.Ordinal) ? Marker[Tested.Length..] : null;

    /// <summary>Why it is not run; null when it is.</summary>
    public string? Reason => Marker.StartsWith("# Not tested", StringComparison.Ordinal) && Marker.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? Marker[(at + 1)..].Trim() : null;

    public static IReadOnlyList<CommandBlock> Of(string document)
    {
        var (blocks, lines) = (new List<CommandBlock>(), Checkout.Read(document).Split('\n'));
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.FindIndex(lines, i + 1, l => l == "```");
            end.ShouldBeGreaterThan(i, $"{document}:{i + 1} is not closed");
            if (lines[i] is "```bash" or "```" or "```sh" or "```shell")
            {
                blocks.Add(new(document, i + 1, end > i + 1 ? lines[i + 1] : "", string.Join('\n', lines[(i + 1)..end])));
            }

            i = end;
        }

        return blocks;
    }
}
