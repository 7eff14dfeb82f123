using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Webhook.Tests.Hostile;

/// <summary>Spoils a good body: bytes, or the structure of its JSON. The same random numbers give the same body.</summary>
internal static class Mutation
{
    private static readonly string[] Tokens =
    [
        "null", "true", "{", "}", "[", "]", "\"", ",", ":", "\\ud800", "\\u0000", "\\", "1e999", "-0", "NaN", "\0", "\u00ff", "\"uid\":\"x\",", "\"request\":", "\"spec\":{},", "//", "\n",
    ];

    public static byte[] Of(JsonObject body, Random random) => random.Next(3) switch
    {
        0 => Bytes(Text(body), random),
        1 => Text(Structure(body, random)),
        _ => Bytes(Text(Structure(body, random)), random),
    };

    private static byte[] Text(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    private static byte[] Bytes(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"a "[random.Next(5)], random.Next(1, 300)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static JsonObject Structure(JsonObject body, Random random)
    {
        var spoiled = (JsonObject)body.DeepClone();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var containers = Containers(spoiled).ToList();
            switch (containers[random.Next(containers.Count)])
            {
                case JsonObject obj:
                    SpoilObject(obj, random);
                    break;
                case JsonArray array:
                    SpoilArray(array, random);
                    break;
            }
        }

        return spoiled;
    }

    private static IEnumerable<JsonNode> Containers(JsonNode node) => node switch
    {
        JsonObject obj => obj.Select(p => p.Value).OfType<JsonNode>().SelectMany(Containers).Prepend(obj),
        JsonArray array => array.OfType<JsonNode>().SelectMany(Containers).Prepend(array),
        _ => [],
    };

    private static void SpoilObject(JsonObject obj, Random random)
    {
        if (obj.Count == 0)
        {
            obj["new"] = Odd(random);
            return;
        }

        var key = obj.ElementAt(random.Next(obj.Count)).Key;
        switch (random.Next(5))
        {
            case 0:
                obj.Remove(key);
                break;
            case 1:
                var value = obj[key]?.DeepClone();
                obj.Remove(key);
                obj[$"{key}{(random.Next(2) == 0 ? "" : "x")}{(char)random.Next(1, 0xd000)}"] = value;
                break;
            default:
                obj[key] = Odd(random);
                break;
        }
    }

    private static void SpoilArray(JsonArray array, Random random)
    {
        if (array.Count > 0 && random.Next(2) == 0)
        {
            var item = array[random.Next(array.Count)];
            for (var i = random.Next(1, 100); i > 0; i--)
            {
                array.Add(item?.DeepClone());
            }
        }
        else
        {
            array.Insert(random.Next(array.Count + 1), Odd(random));
        }
    }

    private static JsonNode? Odd(Random random) => random.Next(16) switch
    {
        0 => null,
        1 => true,
        2 => -1,
        3 => double.MaxValue,
        4 => long.MinValue,
        5 => "",
        6 => new string('x', random.Next(1, 3_000)),
        7 => "\u0000\u202e\ufffd",
        8 => "99999999999999999999h",
        9 => "{{ .x }} {{",
        10 => "http://[::1",
        11 => new JsonArray(),
        12 => new JsonObject(),
        13 => new JsonArray([.. Enumerable.Range(0, 200).Select(i => JsonValue.Create(i))]),
        14 => Deep(random.Next(1, 140)),
        _ => new JsonObject { ["name"] = new JsonArray(), ["url"] = 5, ["min"] = "a" },
    };

    private static JsonNode Deep(int levels)
    {
        JsonNode node = new JsonObject();
        for (var i = 0; i < levels; i++)
        {
            node = i % 2 == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        }

        return node;
    }
}
