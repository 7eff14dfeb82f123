using CanaryFunctions.LoadTester.Gates;

namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>The gates (contracts/hooks-alerts.md 3.2): anyone may ask, only POST changes.</summary>
internal sealed class GateEndpoints(GateStore gates, PayloadReader payloads, ILogger logger)
{
    public IEnumerable<Route> Routes =>
    [
        new("/gate/approve", null, context => Answer.TextAsync(context, 200, "OK")),
        new("/gate/halt", null, context => Answer.TextAsync(context, 403, Answer.Forbidden)),
        new("/gate/check", null, context => CheckAsync(context, GateKind.Confirm)),
        new("/gate/open", "POST", context => OpenAsync(context, GateKind.Confirm)),
        new("/gate/close", "POST", context => CloseAsync(context, GateKind.Confirm)),
        new("/rollback/check", null, context => CheckAsync(context, GateKind.Rollback)),
        new("/rollback/open", "POST", context => OpenAsync(context, GateKind.Rollback)),
        new("/rollback/close", "POST", context => CloseAsync(context, GateKind.Rollback)),
    ];

    private async Task CheckAsync(HttpContext context, GateKind kind)
    {
        if (await ReadAsync(context) is { } payload)
        {
            var open = gates.IsOpen(kind, payload.Canary);
            await Answer.TextAsync(context, open ? 200 : 403, open ? "Approved" : Answer.Forbidden);
        }
    }

    private async Task OpenAsync(HttpContext context, GateKind kind)
    {
        if (await ReadAsync(context) is { } payload)
        {
            using var scope = logger.ForCanary(payload.Canary);
            gates.Open(kind, payload.Canary);
            logger.GateOpened(kind.ToString());
            await Answer.EmptyAsync(context, 202);
        }
    }

    private async Task CloseAsync(HttpContext context, GateKind kind)
    {
        if (await ReadAsync(context) is { } payload)
        {
            using var scope = logger.ForCanary(payload.Canary);
            gates.Close(kind, payload.Canary);
            logger.GateClosed(kind.ToString());
            await Answer.EmptyAsync(context, 202);
        }
    }

    /// <summary>A gate needs a Canary: without a name the request would open a gate that nobody asks.</summary>
    private async Task<HookPayload?> ReadAsync(HttpContext context)
    {
        var payload = await payloads.ReadAsync(context);
        if (payload is null or { Name.Length: > 0, Namespace.Length: > 0 })
        {
            return payload;
        }

        await Answer.TextAsync(context, 400, $"name: '{payload.Name}' and namespace: '{payload.Namespace}' must both be given");
        return null;
    }
}
