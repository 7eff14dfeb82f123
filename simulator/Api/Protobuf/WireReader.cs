namespace CanaryFunctions.Simulator.Api.Protobuf;

/// <summary>Reads protobuf's wire format, field by field. Throws <see cref="FormatException"/> when the bytes end too soon.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public int Field { get; private set; }

    /// <summary>The value of a number field; of a length-delimited field zero.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a length-delimited field; of a number field empty.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Field = (int)(tag >> 3);
        Number = 0;
        Content = default;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Number = BitConverter.ToUInt64(Take(8));
                break;
            case 2:
                Content = Take(checked((int)Varint()));
                break;
            case 5:
                Number = BitConverter.ToUInt32(Take(4));
                break;
            default:
                throw new FormatException($"protobuf: field {Field} has the unknown wire type {tag & 7}");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new FormatException($"protobuf: field {Field} wants {count} bytes, {_rest.Length} are left");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("protobuf: a number is longer than ten bytes");
    }
}
