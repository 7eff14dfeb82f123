using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanaryFunctions.Simulator.Api;

/// <summary>How an <see cref="ApiServer"/> starts. Everything has a default.</summary>
public sealed class ApiServerOptions
{
    /// <summary>Source of timestamps and of waits. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>TCP port on 127.0.0.1. Default 0: a free one.</summary>
    public int Port { get; set; }

    /// <summary>Called for every finished request (a watch: when it ends), on the request's thread. Must be quick.</summary>
    public Action<ApiRequest>? OnRequest { get; set; }

    /// <summary>Asked before every request is applied; null as the answer means no fault.</summary>
    public Func<ApiRequest, Fault?>? Faults { get; set; }

    /// <summary>Text for `kubectl logs`. Default: pods have empty logs.</summary>
    public IPodLogSource? Logs { get; set; }

    /// <summary>Turns a Service's port into an address to connect to, for webhooks in the cluster and the service proxy; null as the answer means that nothing serves it.</summary>
    public Func<ServiceAddress, CancellationToken, ValueTask<IPEndPoint?>>? ResolveService { get; set; }

    /// <summary>Objects that are stored before the server listens, in this order, without admission. Default: none.</summary>
    public IReadOnlyList<JsonObject> InitialObjects { get; set; } = [];

    /// <summary>How many changes a watch can resume over; each holds a version of its object. Default 5000.</summary>
    public int HistoryLimit { get; set; } = 5_000;

    /// <summary>How many finished requests <see cref="ApiServer.Requests"/> holds, newest last. Default 20000.</summary>
    public int RequestLogLimit { get; set; } = 20_000;

    /// <summary>Lets a deleted pod that is bound to a node stay, marked, until it is deleted with grace period 0, as a kubelet does it. Default false: gone at once.</summary>
    public bool GracefulPodDeletion { get; set; }

    /// <summary>Where unexpected failures are logged. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;
}
