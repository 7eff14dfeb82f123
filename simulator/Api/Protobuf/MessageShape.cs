using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Protobuf;

internal enum FieldShape
{
    Text,
    Base64,
    Int,
    Bool,
    Texts,
    TextMap,
    Base64Map,
    Message,
    Messages,
    Time,
    MicroTime,
    IntOrString,
}

/// <summary>The fields of one protobuf message, and how they look in JSON.</summary>
internal sealed class MessageShape(params (int Number, string Name, FieldShape Shape, MessageShape? Below)[] fields)
{
    private readonly Dictionary<int, (string Name, FieldShape Shape, MessageShape? Below)> _fields =
        fields.ToDictionary(f => f.Number, f => (f.Name, f.Shape, f.Below));

    /// <summary>The message as JSON. A field that is not known here and holds something is an error: dropping it would change what the client asked for.</summary>
    public JsonObject Read(ReadOnlySpan<byte> bytes, string path)
    {
        var result = new JsonObject();
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (_fields.TryGetValue(reader.Field, out var field))
            {
                Put(result, field, reader, $"{path}.{field.Name}");
            }
            else if (reader.Number != 0 || !IsEmptyMessage(reader.Content))
            {
                throw new FormatException($"protobuf: {path} has field {reader.Field}, which is not understood in this encoding; send JSON");
            }
        }

        return result;
    }

    private static void Put(JsonObject target, (string Name, FieldShape Shape, MessageShape? Below) field, WireReader reader, string path)
    {
        switch (field.Shape)
        {
            case FieldShape.Texts:
                List(target, field.Name).Add(Encoding.UTF8.GetString(reader.Content));
                break;
            case FieldShape.Messages:
                List(target, field.Name).Add(field.Below!.Read(reader.Content, path));
                break;
            case FieldShape.TextMap or FieldShape.Base64Map:
                var (key, value) = Entry(reader.Content);
                target.Ensure(field.Name)[key] = field.Shape == FieldShape.TextMap ? Encoding.UTF8.GetString(value) : Convert.ToBase64String(value);
                break;
            default:
                if (Single(field, reader, path) is { } single)
                {
                    target[field.Name] = single;
                }

                break;
        }
    }

    private static JsonNode? Single((string Name, FieldShape Shape, MessageShape? Below) field, WireReader reader, string path) => field.Shape switch
    {
        // Go's generated code always writes text fields; an empty one means absent.
        FieldShape.Text => reader.Content.IsEmpty ? null : JsonValue.Create(Encoding.UTF8.GetString(reader.Content)),
        FieldShape.Base64 => Convert.ToBase64String(reader.Content),
        FieldShape.Int => JsonValue.Create((long)reader.Number),
        FieldShape.Bool => JsonValue.Create(reader.Number != 0),
        FieldShape.Time => Time(reader.Content, "yyyy-MM-ddTHH:mm:ssZ"),
        FieldShape.MicroTime => Time(reader.Content, "yyyy-MM-ddTHH:mm:ss.ffffffZ"),
        FieldShape.IntOrString => IntOrString(reader.Content),
        _ => field.Below!.Read(reader.Content, path),
    };

    private static JsonArray List(JsonObject target, string name)
    {
        if (target[name] is not JsonArray list)
        {
            target[name] = list = [];
        }

        return list;
    }

    private static (string Key, byte[] Value) Entry(ReadOnlySpan<byte> bytes)
    {
        var (key, value) = ("", Array.Empty<byte>());
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = Encoding.UTF8.GetString(reader.Content);
            }
            else
            {
                value = reader.Content.ToArray();
            }
        }

        return (key, value);
    }

    private static JsonValue? Time(ReadOnlySpan<byte> bytes, string format)
    {
        var (seconds, nanos) = (0L, 0L);
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            (seconds, nanos) = reader.Field == 1 ? ((long)reader.Number, nanos) : (seconds, (long)reader.Number);
        }

        // Go's zero time, which stands for "not set".
        const long Zero = -62135596800;
        return bytes.IsEmpty || seconds == Zero ? null
            : JsonValue.Create(DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100).ToString(format, CultureInfo.InvariantCulture));
    }

    private static JsonValue? IntOrString(ReadOnlySpan<byte> bytes)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    isText = reader.Number == 1;
                    break;
                case 2:
                    number = (long)reader.Number;
                    break;
                default:
                    text = Encoding.UTF8.GetString(reader.Content);
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : number == 0 ? null : JsonValue.Create(number);
    }

    // Go's generated code writes every field that is not a pointer, so messages of nothing but zeros are common.
    private static bool IsEmptyMessage(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return true;
        }

        try
        {
            var reader = new WireReader(bytes);
            while (reader.Next())
            {
                if (reader.Number != 0 || !IsEmptyMessage(reader.Content))
                {
                    return false;
                }
            }

            return true;
        }
        catch (FormatException)
        {
            return false; // text, not a message: it holds something
        }
    }
}
