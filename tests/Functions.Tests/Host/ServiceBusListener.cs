using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit.ServiceBus;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>
/// The host's Service Bus triggers: takes messages of the functions' queues, calls the functions, completes on success and abandons at once otherwise
/// (contracts/azure-keda.md 1.6).
/// </summary>
internal sealed class ServiceBusListener : IAsyncDisposable
{
    private const string Token = "the host's own";

    // More than are needed; the real host's number is host.json's, and would only mean more open requests here.
    private const int MostAtOnce = 4;

    private readonly StandInHost _host;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private ServiceBusListener(StandInHost host, ServiceBusStandIn broker)
    {
        _host = host;
        broker.Allow(Token);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        var calls = Math.Min(MostAtOnce, host.File.MaxConcurrentCalls);
        _running = Task.WhenAll(host.Functions.Where(f => f.Kind == TriggerKind.ServiceBus)
            .SelectMany(f => Enumerable.Range(0, calls).Select(_ => RunAsync(f, new Uri(broker.Address, $"{f.Queue}/messages/head?timeout=30")))));
    }

    /// <summary>Listens for each function with a Service Bus trigger.</summary>
    internal static ServiceBusListener Start(StandInHost host, ServiceBusStandIn broker) => new(host, broker);

    /// <summary>Stops receiving; throws what the host refused meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync(FunctionFile function, Uri head)
    {
        try
        {
            while (true)
            {
                using var content = new ByteArrayContent([]);
                using var received = await _http.PostAsync(head, content, _stopping.Token);
                if (received.StatusCode == HttpStatusCode.Created)
                {
                    await HandleAsync(function, received);
                }
                else if (received.StatusCode != HttpStatusCode.NoContent)
                {
                    throw new HostRefusesException($"{head}: {(int)received.StatusCode}");
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task HandleAsync(FunctionFile function, HttpResponseMessage received)
    {
        var broker = JsonNode.Parse(received.Headers.GetValues("BrokerProperties").Single());
        var message = new HostMessage(
            await received.Content.ReadAsStringAsync(_stopping.Token),
            broker.Text("MessageId")!,
            broker.Integer("DeliveryCount")!.Value,
            broker.Integer("SequenceNumber")!.Value,
            DateTimeOffset.Parse(broker.Text("EnqueuedTimeUtc")!, provider: null),
            broker.Text("LockToken")!);
        var envelope = Envelope.Of(function, message, TimeProvider.System.GetUtcNow());
        var answer = await _host.InvokeAsync(function, envelope, _stopping.Token);
        using var settle = new HttpRequestMessage(answer.IsSuccess ? HttpMethod.Delete : HttpMethod.Put, received.Headers.Location) { Content = new ByteArrayContent([]) };
        using var settled = await _http.SendAsync(settle, _stopping.Token);
    }
}
