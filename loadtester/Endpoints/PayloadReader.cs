using System.Text.Json;

namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>Reads a payload and checks that its namespace is served; otherwise writes the refusal.</summary>
internal sealed class PayloadReader(NamespaceGuard namespaces, ILogger logger)
{
    /// <summary>Null after the answer is written: 400 for a body that cannot be read, 403 for a namespace that is not allowed.</summary>
    public async Task<HookPayload?> ReadAsync(HttpContext context)
    {
        try
        {
            var payload = await HookPayload.ReadAsync(context.Request.Body, context.RequestAborted);
            if (namespaces.Allows(payload.Namespace))
            {
                return payload;
            }

            using var scope = logger.ForCanary(payload.Canary);
            var problem = $"namespace '{payload.Namespace}' does not match -namespace-regexp";
            logger.RequestRefused(context.Request.Path, problem);
            await Answer.TextAsync(context, 403, $"{Answer.Forbidden}: {problem}");
        }
        catch (JsonException e)
        {
            await Answer.TextAsync(context, 400, $"the body is not a webhook payload: {e.Message}");
        }

        return null;
    }
}
