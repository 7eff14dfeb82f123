using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Api.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CanaryFunctions.Simulator.Api;

/// <summary>
/// A Kubernetes-shaped API server in memory, over HTTPS on 127.0.0.1. It alone owns state; everything else is a client of it.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    // Answers that are under way get this long to reach their clients before their connections are cut.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly ApiServerParts _parts;
    private readonly ConcurrentDictionary<string, ApiUser> _users;
    private int _disposed;

    private ApiServer(WebApplication app, ApiServerParts parts, ConcurrentDictionary<string, ApiUser> users, Uri address, string token)
    {
        (_app, _parts, _users, Address, Token) = (app, parts, users, address, token);
    }

    /// <summary>https://127.0.0.1:PORT/.</summary>
    public Uri Address { get; }

    /// <summary>The bearer token of the kubeconfig's user, <see cref="ApiUser.Admin"/>.</summary>
    public string Token { get; }

    /// <summary>What clients trust; without its private key.</summary>
    public X509Certificate2 CaCertificate { get; } = ServerCertificates.Shared.Authority;

    /// <summary>Finished requests, oldest first, at most <see cref="ApiServerOptions.RequestLogLimit"/>.</summary>
    public IReadOnlyList<ApiRequest> Requests => _parts.Pipeline.Requests;

    /// <summary>Each right that allowed a request, once. What the roles give beyond it nobody needed.</summary>
    public IReadOnlyCollection<AccessGrant> UsedRights => _parts.Authorizer.Used;

    /// <summary>What no role allowed, oldest first; the last thousand.</summary>
    public IReadOnlyList<AccessRefusal> Refusals => _parts.Authorizer.Refusals;

    /// <summary>A kubeconfig for the user "admin", as YAML.</summary>
    public string Kubeconfig => KubeconfigFor("admin", Token);

    /// <summary>Starts the server; it serves when the task is done. Throws <see cref="IOException"/> when the port is taken.</summary>
    public static async Task<ApiServer> StartAsync(ApiServerOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var token = NewToken();
        var users = new ConcurrentDictionary<string, ApiUser>(StringComparer.Ordinal) { [token] = ApiUser.Admin };
        var parts = new ApiServerParts(options, t => users.GetValueOrDefault(t));
        var app = Build(options, parts.Pipeline);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await app.DisposeAsync();
            await parts.DisposeAsync();
            throw;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new ApiServer(app, parts, users, new Uri(address), token);
    }

    /// <summary>A token for another user, so that its requests can be told apart.</summary>
    public string TokenFor(ApiUser user)
    {
        var token = NewToken();
        _users[token] = user;
        return token;
    }

    /// <summary>A kubeconfig with a token of its own for another user, as YAML.</summary>
    public string KubeconfigFor(ApiUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return KubeconfigFor(user.Name.Replace(':', '-'), TokenFor(user));
    }

    /// <summary>A client with the CA and the token set.</summary>
    public HttpClient CreateClient(string? token = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(CaCertificate);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = policy;
        var client = new HttpClient(handler) { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token ?? Token);
        return client;
    }

    /// <summary>Empties <see cref="Requests"/>.</summary>
    public void ForgetRequests() => _parts.Pipeline.ForgetRequests();

    /// <summary>Ends all watches cleanly, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _parts.Stop();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private static WebApplication Build(ApiServerOptions options, RequestPipeline pipeline)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(options.LoggerFactory);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(h => h.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = ServerCertificates.Shared.Server });
            });
        });
        var app = builder.Build();
        app.Run(pipeline.RunAsync);
        return app;
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private string KubeconfigFor(string user, string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: canary
          cluster:
            server: {Address.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(CaCertificate.ExportCertificatePem()))}
        users:
        - name: {user}
          user:
            token: {token}
        contexts:
        - name: canary
          context:
            cluster: canary
            user: {user}
        current-context: canary

        """;
}
