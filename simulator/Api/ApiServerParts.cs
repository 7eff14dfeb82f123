using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Admission;
using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Api.Collection;
using CanaryFunctions.Simulator.Api.Crds;
using CanaryFunctions.Simulator.Api.Discovery;
using CanaryFunctions.Simulator.Api.Handling;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.OpenApi;
using CanaryFunctions.Simulator.Api.Printing;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Storage;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Api;

/// <summary>The server's objects, put together by hand: a container would cost more than the rest of the start.</summary>
internal sealed class ApiServerParts : IAsyncDisposable
{
    private static readonly string[] FirstNamespaces = ["default", "kube-system", "kube-public"];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ObjectStore _store;
    private readonly WebhookCaller _caller;
    private readonly ServiceProxy _proxy;
    private readonly Task _collecting;

    public ApiServerParts(ApiServerOptions options, Func<string, ApiUser?> users)
    {
        var time = options.TimeProvider;
        var logger = options.LoggerFactory.CreateLogger<ApiServer>();
        _store = new ObjectStore(options.HistoryLimit);
        _caller = new WebhookCaller(options);
        var catalog = new ResourceCatalog();
        var registry = new DefinitionRegistry(catalog);
        var conversion = new ConversionService(_caller);
        var admission = new AdmissionChain(_store, catalog, conversion, _caller);
        var shaping = new ObjectShaping(new ServiceAddresses(_store), new Identities(), time);
        Authorizer = new Authorizer(_store);
        var writer = new ObjectWriter(_store, catalog, admission, conversion, shaping, new OwnerReferenceGuard(Authorizer, catalog));
        var deleter = new ObjectDeleter(_store, admission, conversion, shaping, options);
        var collector = new GarbageCollector(_store, catalog, new CollectorWrites(_store, catalog, writer, deleter), time, logger);
        _store.OnChange = change =>
        {
            registry.OnChange(change);
            Authorizer.OnChange(change);
            collector.OnChange(change);
        };

        var printer = new TablePrinter(time);
        var reads = new ReadHandler(_store, conversion, printer);
        var writes = new WriteHandler(_store, writer, deleter, shaping, reads);
        var watches = new WatchHandler(_store, conversion, printer, time, _stopping.Token);
        _proxy = new ServiceProxy(_store, catalog, options);
        var router = new ApiRouter(
            catalog, Authorizer, new DiscoveryDocuments(catalog), new OpenApiDocuments(catalog), reads, writes, watches, new ReviewHandler(Authorizer),
            new PodHandler(_store, writes, options), _proxy);
        Pipeline = new RequestPipeline(router, options, users, logger);
        Seed(catalog, writer, options.InitialObjects);
        _collecting = collector.RunAsync(_stopping.Token);
    }

    public RequestPipeline Pipeline { get; }

    public Authorizer Authorizer { get; }

    /// <summary>Ends watches and background work; requests are still answered.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _store.CompleteWatches();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _collecting;
        _proxy.Dispose();
        _caller.Dispose();
        _stopping.Dispose();
    }

    private static void Seed(ResourceCatalog catalog, ObjectWriter writer, IReadOnlyList<JsonObject> given)
    {
        var namespaces = FirstNamespaces.Select(n => new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = n } });
        foreach (var item in namespaces.Concat(BootstrapRoles.Objects()).Concat(given))
        {
            var type = catalog.FindKind(item.Str("apiVersion") ?? "", item.Str("kind") ?? "")
                ?? throw new InvalidOperationException($"initial object {item.Str("kind")}/{item.Str("metadata", "name")}: {item.Str("apiVersion")} is not a kind that is served");
            writer.Seed(new WriteRequest(type, ApiUser.Admin) { Namespace = type.Namespaced ? item.Str("metadata", "namespace") ?? "default" : "" }, item);
        }
    }
}
