using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>
/// Stands where the Azure Functions host stands, from the contract (contracts/azure-keda.md 1): reads a published app's files, keeps its process, calls its
/// functions, and is stricter wherever the real one would go wrong in silence.
/// </summary>
internal sealed class StandInHost : IAsyncDisposable
{
    private const string Version = "4.1037.0.0";

    private readonly HttpClient _http;
    private readonly HandlerProcess _handler;

    private StandInHost(HostFile file, IReadOnlyList<FunctionFile> functions, HttpClient http, HandlerProcess handler)
        => (File, Functions, _http, _handler) = (file, functions, http, handler);

    internal HostFile File { get; }

    internal IReadOnlyList<FunctionFile> Functions { get; }

    internal HandlerProcess Handler => _handler;

    /// <param name="folder">The published app.</param>
    /// <param name="settings">App settings.</param>
    /// <exception cref="HostRefusesException">A file is wrong, a setting is missing, or the process does not come up.</exception>
    internal static async Task<StandInHost> StartAsync(string folder, IReadOnlyDictionary<string, string> settings)
    {
        var file = HostFile.Read(folder);
        var functions = FunctionFile.ReadAll(folder);
        if (functions.Count == 0)
        {
            throw new HostRefusesException($"{folder} has no folder with a function.json");
        }

        foreach (var function in functions.Where(f => f.Connection.Length > 0))
        {
            CheckConnection(function, settings);
        }

        if (settings.GetValueOrDefault("FUNCTIONS_WORKER_RUNTIME") != "custom")
        {
            throw new HostRefusesException("the app setting FUNCTIONS_WORKER_RUNTIME must be custom");
        }

        // Its client: HTTP/1.1 on IPv4 loopback, no cookies, one minute more than the functions have.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { Timeout = file.FunctionTimeout + TimeSpan.FromMinutes(1) };
        try
        {
            return new(file, functions, http, await HandlerProcess.StartAsync(folder, file, settings, http));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    internal FunctionFile Function(string name) => Functions.Single(f => f.Name == name);

    /// <summary>One invocation. A connection that breaks fails it, as any answer but the right one does.</summary>
    /// <exception cref="HostRefusesException">The answer would hang the real host.</exception>
    internal async Task<HandlerAnswer> InvokeAsync(FunctionFile function, JsonObject envelope, CancellationToken ct = default)
    {
        await _handler.ReadyAsync(ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_handler.Address, function.Name))
        {
            Version = HttpVersion.Version11,
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(envelope.ToJsonString())),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json; charset=utf-8");
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Azure-Functions-InvocationId", $"{Random.Shared.NextInt64():x16}");
        request.Headers.Add("X-Azure-Functions-HostVersion", Version);
        request.Headers.UserAgent.ParseAdd($"Azure-Functions-Host/{Version}");
        try
        {
            using var response = await _http.SendAsync(request, ct);
            return await HandlerAnswer.ReadAsync(response, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            // A connection breaks before its process is known to be gone; until then the next invocation would fail for nothing.
            await _handler.NoticeAsync(ct);
            return HandlerAnswer.Failed(e.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _handler.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>A connection is a setting of that name or with the host's prefix, or settings with the name and two underscores before it.</summary>
    private static void CheckConnection(FunctionFile function, IReadOnlyDictionary<string, string> settings)
    {
        string[] names = [function.Connection, $"AzureWebJobs{function.Connection}"];
        if (!names.Any(n => settings.ContainsKey(n) || settings.Keys.Any(k => k.StartsWith($"{n}__", StringComparison.Ordinal))))
        {
            throw new HostRefusesException($"{function.Name}: there is no setting for the connection '{function.Connection}'");
        }
    }
}
