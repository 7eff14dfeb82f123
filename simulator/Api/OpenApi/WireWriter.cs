using System.Text;

namespace CanaryFunctions.Simulator.Api.OpenApi;

/// <summary>Writes protobuf's wire format: length-delimited fields are all that is needed here.</summary>
internal sealed class WireWriter
{
    private readonly List<byte> _bytes = [];

    public WireWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public WireWriter Message(int field, WireWriter message) => Bytes(field, message.ToArray());

    public byte[] ToArray() => [.. _bytes];

    private WireWriter Bytes(int field, byte[] value)
    {
        Varint((uint)(field << 3) | 2);
        Varint((uint)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    private void Varint(uint value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }
}
