using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>
/// Writes that the webhook must examine and reads that it must convert, all the time; and new connections to every replica, verified by what the registration
/// said a moment ago, since an API server keeps its connections and would not notice.
/// </summary>
internal sealed class AdmissionTraffic : IAsyncDisposable
{
    /// <summary>API servers learn of a changed registration by their own watches: connections are verified by what it said so long ago.</summary>
    internal static readonly TimeSpan Staleness = TimeSpan.FromMilliseconds(400);

    private readonly Queue<(DateTimeOffset At, string Bundle)> _bundles = new();
    private readonly WebhookReplicas _replicas;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _refused = new();
    private readonly ConcurrentDictionary<string, bool> _served = new();
    private readonly Task _running;
    private int _answered;

    private AdmissionTraffic(WebhookReplicas replicas)
    {
        (_replicas, _http) = (replicas, replicas.Server.CreateClient());
        _running = Task.WhenAll(RepeatAsync(WriteAsync), RepeatAsync(ReadAsync), RepeatAsync(ConnectAsync));
    }

    /// <summary>What went wrong, each as it was told.</summary>
    internal IReadOnlyCollection<string> Refused => _refused;

    /// <summary>Calls that went well.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    /// <summary>Serial numbers of the certificates that were served.</summary>
    internal IReadOnlyCollection<string> Served => [.. _served.Keys];

    internal static async Task<AdmissionTraffic> StartAsync(WebhookReplicas replicas)
    {
        using var http = replicas.Server.CreateClient();
        using var created = await SendAsync(http, HttpMethod.Post, "apis/flagger.app/v1beta1/namespaces/default/canaries", "application/json", """
            {"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"web"},
             "spec":{"provider":"skipper","targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
                     "ingressRef":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","name":"web"},"service":{"port":80},
                     "analysis":{"interval":"10s","threshold":5,"maxWeight":50,"stepWeight":10}}}
            """);
        created.StatusCode.ShouldBe(HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
        return new(replicas);
    }

    /// <summary>Until so many more calls went well, or any went wrong.</summary>
    internal async Task MoreAsync(int calls)
    {
        var until = Answered + calls;
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (Answered < until && _refused.IsEmpty)
        {
            await clock.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RepeatAsync(Func<int, Task> call)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(25), TimeProvider.System);
        for (var i = 1; !_stop.IsCancellationRequested; i++)
        {
            try
            {
                await call(i);
                Interlocked.Increment(ref _answered);
            }
            catch (Exception e) when (e is HttpRequestException or AuthenticationException or IOException or SocketException or InvalidDataException)
            {
                _refused.Enqueue($"{call.Method.Name}: {e.GetType().Name} {e.Message}");
            }

            await clock.WaitForNextTickAsync();
        }
    }

    // Failure policy Fail: a write that nobody examines is refused.
    private async Task WriteAsync(int i)
    {
        using var answer = await SendAsync(_http, HttpMethod.Patch, PathOf("v1beta1"), "application/merge-patch+json", $"{{\"spec\":{{\"analysis\":{{\"threshold\":{1 + (i % 9)}}}}}}}");
        await CheckAsync(answer);
    }

    private async Task ReadAsync(int i)
    {
        using var answer = await _http.GetAsync(new Uri(PathOf("v1alpha3"), UriKind.Relative));
        await CheckAsync(answer);
    }

    private async Task ConnectAsync(int i)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(await StaleBundleAsync());
        foreach (var port in _replicas.Ports)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = WebhookReplicas.Host, CertificateChainPolicy = policy, AllowTlsResume = false });
            _served.TryAdd(tls.RemoteCertificate!.GetSerialNumberString(), true);
        }
    }

    private async Task<string> StaleBundleAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        _bundles.Enqueue((now, await _replicas.BundleAsync()));
        while (_bundles.Count > 1 && _bundles.ElementAt(1).At <= now - Staleness)
        {
            _bundles.Dequeue();
        }

        return _bundles.Peek().Bundle;
    }

    private static string PathOf(string version) => $"apis/flagger.app/{version}/namespaces/default/canaries/web";

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidDataException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, string type, string body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue(type)) };
        return await http.SendAsync(request);
    }
}
