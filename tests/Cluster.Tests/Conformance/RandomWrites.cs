using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>
/// Writes of every kind to a few objects, drawn from a seed; each tells what became of its object. Runs on Kubernetes first: where version 1.20 is about to
/// mistake an account (see <see cref="IsMistaken"/>), the object is deleted, on every server that the writes run on afterwards, too.
/// </summary>
internal sealed class RandomWrites(int seed, int count)
{
    private static readonly string[] Managers = ["one", "two", "three"];
    private static readonly string[] Collections = ["f:data", "f:metadata/f:labels", "f:spec/f:words", "f:spec/f:tags", "f:spec/f:ports"];
    private static readonly string[] Keys = ["a", "b", "c"];
    private readonly HashSet<int> _mistaken = [];
    private Random _random = new(seed);

    internal async Task RunAsync(ApiProbe p)
    {
        _random = new(seed);
        for (var i = 0; i < count; i++)
        {
            var path = Pick(["configmaps/x", "widgets/x", "widgets/y"]);
            var answer = await WriteAsync(p, path);
            if (answer.Code < 300 && (string?)answer.Json["kind"] != "Status")
            {
                p.Show(answer, "data", "spec", "metadata/labels", "metadata/generation");
                if (IsMistaken(answer.Json))
                {
                    _mistaken.Add(i);
                }
            }

            if (_mistaken.Contains(i))
            {
                await p.DeleteAsync(path);
            }
        }
    }

    private Task<Answer> WriteAsync(ApiProbe p, string path)
    {
        var (plural, name) = (path.Split('/')[0], path.Split('/')[1]);
        var manager = Pick(Managers);
        return _random.Next(8) switch
        {
            0 => p.PostAsync($"{plural}?fieldManager={manager}", $"{{metadata: {{name: {name}}}, {Body(plural)}}}"),
            1 or 2 => p.PatchAsync($"{path}?fieldManager={manager}", $"{{{Body(plural)}}}"),
            3 => p.PatchAsync($"{path}?fieldManager={manager}", $"{{metadata: {{labels: {Texts(nulls: true)}}}}}"),
            4 => p.PatchAsync($"{path}?fieldManager={manager}", $"[{{op: add, path: /metadata/labels, value: {Texts(nulls: false)}}}]", ApiProbe.JsonPatch),
            5 when _random.Next(4) == 0 => p.DeleteAsync(path),
            _ => p.ApplyAsync(path, manager, $"{{metadata: {{labels: {Texts(nulls: false)}}}, {Body(plural)}}}", force: _random.Next(2) == 0),
        };
    }

    private string Body(string plural) => plural == "configmaps" ? $"data: {Texts(nulls: false)}"
        : $"spec: {{color: {Pick(["red", "green", "pink"])}, size: {_random.Next(0, 12)}, words: {Texts(nulls: false)}, tags: [{Pick(Keys)}], ports: [{{port: {_random.Next(1, 4)}, name: {Pick(Keys)}}}]}}";

    private string Texts(bool nulls)
        => "{" + string.Join(", ", Keys.Skip(_random.Next(Keys.Length)).Select(k => $"{k}: {(nulls && _random.Next(3) == 0 ? "null" : $"'{_random.Next(3)}'")}")) + "}";

    private string Pick(string[] from) => from[_random.Next(from.Length)];

    /// <summary>
    /// Whether a writer is left with nothing of a map or list but the account of the map or list itself: 1.20 gives it all that is in there at the next write
    /// (structured-merge-diff issue 191; the behaviour Update_LeftWithTheMapOnly_OwnsNothingInIt).
    /// </summary>
    private static bool IsMistaken(JsonNode json) => (json["metadata"]!["managedFields"] as JsonArray ?? [])
        .Any(m => (string?)m!["operation"] == "Update" && Collections.Any(c => Answer.Field(m["fieldsV1"], c) is JsonObject { Count: 0 }));
}
