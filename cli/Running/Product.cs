using CanaryFunctions.Core;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Sweeping;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Queues.InProcess;
using CanaryFunctions.Providers;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Cli.Running;

/// <summary>The product as one process: webhook, functions off an in-process queue, and this replica's share of the sweep.</summary>
internal sealed class Product : IAsyncDisposable
{
    // A step waits for answers most of its time, and a message in memory costs nothing to receive: as many at once as releases may fall due together.
    private const int Concurrency = 32;

    private readonly ServiceProvider _services;
    private readonly InProcessHost _functions;
    private readonly SweepDuty _duty;
    private readonly CancellationTokenSource _stop = new();
    private Task _sweeping = Task.CompletedTask;

    private Product(ServiceProvider services, SweepOptions sweep)
    {
        _services = services;
        _functions = new(
            services.GetRequiredService<FunctionRegistry>(), services.GetRequiredService<InProcessQueue>(), services,
            new() { Speed = services.GetRequiredService<CanaryOptions>().Speed, RunTimers = false, Concurrency = Concurrency },
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILoggerFactory>());
        _duty = SweepDuty.For(services, sweep, takesOver: true);
    }

    internal IServiceProvider Services => _services;

    internal WebhookServer Webhook { get; private set; } = null!;

    /// <summary>What the process needs besides settings, cluster client, HTTP caller and logging.</summary>
    internal static IServiceCollection AddTo(IServiceCollection services) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(provider => new InProcessQueue(provider.GetRequiredService<TimeProvider>()))
        .AddProviders()
        .AddCanaryCore()
        .AddCanaryWebhook()
        .AddCanaryFunctions();

    /// <param name="services">With what <see cref="AddTo"/> says. They are disposed of with the product.</param>
    /// <exception cref="ClusterException">The API server refuses the registration.</exception>
    /// <exception cref="Webhook.Certificates.CertificateException">There is no certificate that could be served.</exception>
    internal static async Task<Product> StartAsync(ServiceProvider services, WebhookOptions webhook, SweepOptions sweep, CancellationToken ct)
    {
        var product = new Product(services, sweep);
        try
        {
            await product._functions.StartAsync(ct);
            product.Webhook = await WebhookServer.StartAsync(webhook, services, ct);
            product._sweeping = product._duty.RunAsync(product._stop.Token);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The webhook first: its registration must not outlive it, and its last hints still find the queue. The Lease last, so that the others take over what the
    /// queue still holds, and no step runs twice for it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Webhook is not null)
        {
            await Webhook.DisposeAsync();
        }

        await _functions.StopAsync(CancellationToken.None);
        _functions.Dispose();
        await _stop.CancelAsync();
        await _sweeping;
        _stop.Dispose();
        await _services.DisposeAsync();
    }
}
