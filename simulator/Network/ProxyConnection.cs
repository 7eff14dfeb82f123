using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace CanaryFunctions.Simulator.Network;

/// <summary>
/// Reads a client's bytes and hands them on with every request head rewritten to origin form (<see cref="ProxyHead"/>); bodies pass unchanged.
/// It follows the framing only to know where the next head begins.
/// </summary>
internal sealed class ProxyConnection(PipeReader input, PipeWriter output)
{
    private const int MaxHead = 64 * 1024;

    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The next head; null at the end of the input, or where no head can be found in it.</summary>
    public async Task<ProxyHead?> ReadHeadAsync()
    {
        while (true)
        {
            var read = await input.ReadAsync();
            if (TryTake(read.Buffer, HeadEnd, out var bytes, out var rest))
            {
                var head = ProxyHead.Parse(bytes);
                input.AdvanceTo(rest);
                return head;
            }

            if (read.IsCompleted || read.IsCanceled || read.Buffer.Length > MaxHead)
            {
                input.AdvanceTo(read.Buffer.Start);
                return null;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Hands on a first head that was read before, its body, and everything that follows.</summary>
    public async Task PumpAsync(ProxyHead? head)
    {
        while (head is not null)
        {
            await output.WriteAsync(Encoding.Latin1.GetBytes(head.Text));
            if (!await (head.ContentLength < 0 ? PassChunksAsync() : PassAsync(head.ContentLength)))
            {
                return;
            }

            head = await ReadHeadAsync();
        }

        // Too long a head, or half of one: the HTTP server knows best how to refuse it.
        await PassAsync(long.MaxValue);
    }

    private async Task<bool> PassAsync(long count)
    {
        while (count > 0)
        {
            var read = await input.ReadAsync();
            var part = read.Buffer.Length > count ? read.Buffer.Slice(0, count) : read.Buffer;
            count -= part.Length;
            var taken = await HandOnAsync(part);
            input.AdvanceTo(part.End);
            if (!taken || (count > 0 && (read.IsCompleted || read.IsCanceled)))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> PassChunksAsync()
    {
        while (await PassLineAsync() is { } sizeLine)
        {
            var text = sizeLine.Split(';')[0].Trim();
            if (!long.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size))
            {
                return false;
            }

            if (size == 0)
            {
                return await PassTrailersAsync();
            }

            if (!await PassAsync(size + LineEnd.Length))
            {
                return false;
            }
        }

        return false;
    }

    private async Task<bool> PassTrailersAsync()
    {
        string? line;
        do
        {
            line = await PassLineAsync();
        }
        while (line is { Length: > 0 });
        return line is not null;
    }

    private async Task<string?> PassLineAsync()
    {
        while (true)
        {
            var read = await input.ReadAsync();
            if (TryTake(read.Buffer, LineEnd, out var bytes, out var rest))
            {
                var line = Encoding.Latin1.GetString(bytes);
                var taken = await HandOnAsync(read.Buffer.Slice(0, rest));
                input.AdvanceTo(rest);
                return taken ? line : null;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || read.IsCanceled || read.Buffer.Length > MaxHead)
            {
                return null;
            }
        }
    }

    private async Task<bool> HandOnAsync(ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes)
        {
            output.Write(part.Span);
        }

        return !(await output.FlushAsync()).IsCompleted;
    }

    private static bool TryTake(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> delimiter, out ReadOnlySequence<byte> bytes, out SequencePosition rest)
    {
        var reader = new SequenceReader<byte>(buffer);
        var found = reader.TryReadTo(out bytes, delimiter);
        rest = reader.Position;
        return found;
    }
}
