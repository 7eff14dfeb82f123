using System.Buffers.Binary;
using System.Text;

namespace CanaryFunctions.Prometheus.Tests.History;

/// <summary>The body of a remote write request: a protobuf <c>WriteRequest</c> in Snappy's block format, all literals. It can say what text cannot: stale markers.</summary>
internal static class RemoteWriteBody
{
    private const int LiteralLimit = 1 << 16;

    public static byte[] Of(IEnumerable<HistorySeries> history, long fromMs)
    {
        using var request = new MemoryStream();
        foreach (var series in history.Where(s => s.Samples[^1].TimeMs >= fromMs))
        {
            WriteField(request, 1, SeriesMessage(series, fromMs));
        }

        return Snappy(request.ToArray());
    }

    private static byte[] SeriesMessage(HistorySeries series, long fromMs)
    {
        using var message = new MemoryStream();
        foreach (var (name, value) in series.Labels.Pairs)
        {
            using var label = new MemoryStream();
            WriteField(label, 1, Encoding.UTF8.GetBytes(name));
            WriteField(label, 2, Encoding.UTF8.GetBytes(value));
            WriteField(message, 1, label.ToArray());
        }

        Span<byte> bits = stackalloc byte[sizeof(double)];
        foreach (var sample in series.Samples.SkipWhile(s => s.TimeMs < fromMs))
        {
            using var body = new MemoryStream();
            WriteVarint(body, (1 << 3) | 1);
            BinaryPrimitives.WriteInt64LittleEndian(bits, BitConverter.DoubleToInt64Bits(sample.Value));
            body.Write(bits);
            WriteVarint(body, 2 << 3);
            WriteVarint(body, (ulong)sample.TimeMs);
            WriteField(message, 2, body.ToArray());
        }

        return message.ToArray();
    }

    private static byte[] Snappy(ReadOnlySpan<byte> data)
    {
        using var block = new MemoryStream();
        WriteVarint(block, (ulong)data.Length);
        for (var at = 0; at < data.Length; at += LiteralLimit)
        {
            var literal = data.Slice(at, Math.Min(LiteralLimit, data.Length - at));

            // Tag 61: a literal whose length, less one, follows in two bytes.
            block.WriteByte(61 << 2);
            block.WriteByte((byte)(literal.Length - 1));
            block.WriteByte((byte)((literal.Length - 1) >> 8));
            block.Write(literal);
        }

        return block.ToArray();
    }

    private static void WriteField(MemoryStream to, int number, byte[] content)
    {
        WriteVarint(to, (ulong)((number << 3) | 2));
        WriteVarint(to, (ulong)content.Length);
        to.Write(content);
    }

    private static void WriteVarint(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        to.WriteByte((byte)value);
    }
}
