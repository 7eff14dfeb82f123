using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// Runs the queue and timer functions of a registry in this process, off any queue that can be received from. HTTP functions are served by whoever serves HTTP:
/// <see cref="HttpFunctionEndpoints.MapHttpFunctions"/>.
/// </summary>
public sealed class InProcessHost : IHostedService, IDisposable
{
    private readonly List<BackgroundService> _pumps = [];

    /// <exception cref="FormatException">A schedule is wrong.</exception>
    public InProcessHost(
        FunctionRegistry registry, IQueueReceiver queue, IServiceProvider services, InProcessHostOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        foreach (var function in registry.Functions)
        {
            if (function is QueueFunction onMessage)
            {
                _pumps.Add(Pump(onMessage, queue, services, options, time, loggers));
            }
            else if (function is TimerFunction onTime && options.RunTimers)
            {
                var schedule = Schedule.Parse(onTime.Schedule, options.Setting);
                _pumps.Add(new TimerPump(onTime, schedule, options, services, time, loggers.CreateLogger<TimerPump>()));
            }
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var pump in _pumps)
        {
            await pump.StartAsync(cancellationToken);
        }
    }

    /// <summary>Takes no more messages, cancels what is running, and waits for it.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_pumps.Select(p => p.StopAsync(cancellationToken)));

    public void Dispose() => _pumps.ForEach(p => p.Dispose());

    private static QueuePump Pump(
        QueueFunction function, IQueueReceiver queue, IServiceProvider services, InProcessHostOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var pumping = new QueuePumpOptions { Concurrency = options.Concurrency, Deadline = options.Deadline };
        pumping = pumping with
        {
            RetryDelay = pumping.RetryDelay / options.Speed,
            Partition = function.Partition is { } partition ? message => partition(message.Body) : null,
        };
        return new QueuePump(queue, function.Queue, function.Name, HandleAsync, pumping, time, loggers.CreateLogger<QueuePump>());

        async Task HandleAsync(Delivered<QueueMessage> delivered, CancellationToken ct)
        {
            await using var scope = services.CreateAsyncScope();
            await function.RunAsync(scope.ServiceProvider, new Delivered<string>(delivered.Message.Body, delivered.Id, delivered.DeliveryCount), ct);
        }
    }
}
