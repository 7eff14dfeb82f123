using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Selecting;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Handling;

/// <summary>What a list or watch selects: namespace, name, labels, fields.</summary>
internal sealed class ObjectQuery
{
    private readonly string _namespace;
    private readonly string _name;
    private readonly LabelSelector _labels;
    private readonly FieldSelector _fields;

    public ObjectQuery(ApiCall call)
    {
        _namespace = call.Namespace;
        _name = call.Name;
        _labels = LabelSelector.FromQuery(call.Query("labelSelector") ?? "");
        _fields = FieldSelector.Parse(call.Query("fieldSelector") ?? "", call.Type);
    }

    public bool Matches(StoredObject item) => (_namespace.Length == 0 || item.Namespace == _namespace)
        && (_name.Length == 0 || item.Name == _name) && _labels.Matches(item.Labels) && _fields.Matches(item);

    /// <summary>The token for what follows the key, as of a version.</summary>
    public static string Continue(long version, string key)
        => Convert.ToBase64String(JsonTree.Bytes(new JsonObject { ["rv"] = version, ["start"] = key })).TrimEnd('=');

    public static (long Version, string Key) ReadContinue(string token)
    {
        try
        {
            var padded = token.PadRight((token.Length + 3) / 4 * 4, '=');
            var body = JsonTree.Parse(Convert.FromBase64String(padded));
            return (body.Int("rv") ?? throw new FormatException(), body.Str("start") ?? throw new FormatException());
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw ApiError.BadRequest("continue key is not valid: it must be the value of a previous answer's metadata.continue");
        }
    }
}
