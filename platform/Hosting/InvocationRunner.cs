using System.Text.Json.Nodes;
using CanaryFunctions.Core.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>Calls the function that an invocation is for.</summary>
internal sealed class InvocationRunner(IServiceProvider services, TimeProvider time, ILogger logger)
{
    /// <summary>Gives the values of the function's output bindings.</summary>
    /// <exception cref="Exception">What the function threw: the trigger shall come again.</exception>
    public async Task<JsonObject> RunAsync(FunctionEntry function, Invocation invocation, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        switch (function)
        {
            case QueueFunction onMessage:
                // One after the other: a batch is settled as a whole, so nothing is won by answering earlier for some of it.
                foreach (var message in invocation.Messages())
                {
                    await RunAsync(onMessage, message, scope.ServiceProvider, ct);
                }

                break;
            case TimerFunction onTime:
                await onTime.RunAsync(scope.ServiceProvider, ct);
                break;
            case HttpFunction onRequest:
                return new JsonObject { ["res"] = await HttpInvocation.RunAsync(onRequest, invocation.Payload, scope.ServiceProvider, ct) };
        }

        return [];
    }

    private async Task RunAsync(QueueFunction function, TriggerMessage message, IServiceProvider scoped, CancellationToken ct)
    {
        using var scope = message.Session is { } session ? logger.BeginScope(new[] { new KeyValuePair<string, object?>("session", session) }) : null;
        try
        {
            await function.RunAsync(scoped, message.Delivered, ct);
        }
        catch (Exception e) when (PutOff.Helps(e))
        {
            var copy = PutOff.Copy(function, message.Delivered, time.GetUtcNow());
            await scoped.GetRequiredService<IStepQueue>().EnqueueAsync(copy, CancellationToken.None);
            logger.MessagePutOff(function.Name, message.Delivered.Id, copy.NotBefore!.Value, e.Message);
        }
    }
}
