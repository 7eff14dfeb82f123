using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Core.Engine.Checks;

/// <summary>Calls one webhook (contracts/hooks-alerts.md 1.2, 1.3): POST, JSON, yes means 200 to 299.</summary>
public sealed class HookCaller(IHttpCaller http)
{
    private const int MostText = 512;

    /// <summary>Never throws for what the hook does: no answer is a no, with the reason.</summary>
    public async Task<HookAnswer> CallAsync(HookSpec hook, HookPayload payload, CancellationToken ct)
    {
        if (!Uri.TryCreate(hook.Url, UriKind.Absolute, out var url))
        {
            return new(hook, false, $"url '{hook.Url}' is not an absolute http or https address");
        }

        var call = new HttpCall("POST", url, hook.Timeout)
        {
            Body = payload.ToJson().ToJsonString(),
            Headers = [new("Idempotency-Key", payload.IdempotencyKey)],
            InsecureSkipVerify = hook.InsecureSkipVerify,
            Retries = hook.Retries,
        };
        try
        {
            var answer = await http.SendAsync(call, ct).ConfigureAwait(false);
            return new(hook, answer.IsSuccess, answer.IsSuccess ? "" : Refusal(answer));
        }
        catch (HttpCallException e)
        {
            return new(hook, false, e.Message) { IsUnreachable = e.IsUnreachable };
        }
    }

    // A gate's body is its reason; where there is none, the status is.
    private static string Refusal(HttpAnswer answer)
    {
        var body = answer.Body.Trim();
        var text = body.Length > MostText ? string.Concat(body.AsSpan(0, MostText), "…") : body;
        return answer.Status >= 500 || text.Length == 0 ? $"status {answer.Status}{(text.Length == 0 ? "" : ": ")}{text}" : text;
    }
}

/// <summary>What a hook is sent: the contract's fields, and ours behind them.</summary>
/// <param name="Phase">What the contract says for the hook's type, often not the status' phase.</param>
/// <param name="IdempotencyKey">Same for every repetition of the same question.</param>
public sealed record HookPayload(CanaryKey Canary, string Phase, string Checksum, HookSpec Hook, string? RunId, string IdempotencyKey)
{
    /// <summary>Event hooks only: what happened. Wins over the user's metadata of the same names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Event { get; init; } = [];

    public static HookPayload For(Canary canary, HookSpec hook, string phase, string? runId)
        => new(canary.Key, phase, HookChecksum.Of(canary.Status), hook, runId,
            string.Create(CultureInfo.InvariantCulture, $"{canary.Uid}/{runId}/{canary.Status.Phase}/{canary.Status.CanaryWeight}/{canary.Status.Step}/{hook.TypeName}/{hook.Name}"));

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["name"] = Canary.Name, ["namespace"] = Canary.Namespace, ["phase"] = Phase, ["checksum"] = Checksum };
        var metadata = new JsonObject();
        foreach (var (key, value) in Hook.Metadata.Concat(Event))
        {
            metadata[key] = value;
        }

        if (metadata.Count > 0)
        {
            json["metadata"] = metadata;
        }

        json["run"] = RunId;
        json["hook"] = Hook.Name;
        json["type"] = Hook.TypeName;
        return json;
    }
}
