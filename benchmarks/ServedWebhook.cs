using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Benchmarks;

/// <summary>The webhook's process as its API server sees it: over HTTPS and HTTP/2.</summary>
internal sealed class ServedWebhook : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Process _process;
    private readonly HttpClient _http;

    private ServedWebhook(Process process, JsonObject introduction)
    {
        _process = process;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(introduction.Text("ca"));
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = policy;
        _http = new(handler)
        {
            BaseAddress = new(introduction.Text("address")!),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    internal static async Task<ServedWebhook> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        return new(process, await ReadAsync(process));
    }

    /// <exception cref="HttpRequestException">Any answer but an allowing review.</exception>
    internal async Task ReviewAsync(string path, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadAsStringAsync();
        if (!answer.Contains("\"allowed\":true", StringComparison.Ordinal))
        {
            throw new HttpRequestException($"{path}: {answer}");
        }
    }

    /// <summary>Seconds of the requests since this was asked last, as the process measured them.</summary>
    internal async Task<IReadOnlyList<double>> TimesAsync()
        => [.. (await AskAsync("times")).ListAt("times").Select(t => t.GetValue<double>())];

    /// <summary>Bytes that the process has allocated since its start.</summary>
    internal async Task<long> BytesAsync() => (await AskAsync("bytes"))["bytes"]!.GetValue<long>();

    // Its input ends, and with it the process.
    public void Dispose()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<JsonObject> AskAsync(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync(_process);
    }

    private static async Task<JsonObject> ReadAsync(Process process)
        => (JsonObject)JsonNode.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new IOException("the webhook's process has ended"))!;
}
