using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>Credentials that a command prints. Kept until they expire or the server answers 401.</summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : IKubeCredentialSource, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private KubeCredential? _cached;
    private DateTimeOffset? _expires;

    public async ValueTask<KubeCredential> GetAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            var current = _cached;
            if (current is null || _expires <= time.GetUtcNow())
            {
                (current, _expires) = Parse(await RunAsync(ct));
                _cached = current;
            }

            return current;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Reject(KubeCredential used)
    {
        // Only the one that was refused: a request that was slow to fail must not throw away its successor.
        Interlocked.CompareExchange(ref _cached, null, used);
    }

    public void Dispose() => _gate.Dispose();

    private (KubeCredential Credential, DateTimeOffset? Expires) Parse(string output)
    {
        JsonNode? answer;
        try
        {
            answer = JsonNode.Parse(output);
        }
        catch (JsonException e)
        {
            throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' did not print an ExecCredential in JSON.", e);
        }

        if (answer.Text("apiVersion") is var version && version != plugin.ApiVersion)
        {
            throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' printed apiVersion '{version}'; the kubeconfig asks for '{plugin.ApiVersion}'.");
        }

        var token = answer.Text("status", "token");
        var certificate = answer.Text("status", "clientCertificateData");
        var key = answer.Text("status", "clientKeyData");
        if (token is null && (certificate is null || key is null))
        {
            throw new KubeConfigException(
                $"{plugin.Place}: '{plugin.Command}' printed neither status.token nor status.clientCertificateData with status.clientKeyData.");
        }

        var pair = certificate is null || key is null ? null : FileCredentials.Load(certificate, key, plugin.Place);
        return (new KubeCredential(token is null ? null : $"Bearer {token}", pair), answer.Time("status", "expirationTimestamp"));
    }

    private async Task<string> RunAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in plugin.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = plugin.Input;
        using var process = Start(start);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            var said = await errors;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 ? output
                : throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' ended with code {process.ExitCode}: {FirstLine(said)}");
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' printed nothing within {Limit.TotalSeconds} s.", e);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' did not start.");
        }
        catch (Win32Exception e)
        {
            throw new KubeConfigException($"{plugin.Place}: '{plugin.Command}' cannot be run: {e.Message} {plugin.InstallHint}".TrimEnd(), e);
        }
    }

    private static string FirstLine(string text)
    {
        var line = text.Trim().Split('\n')[0].TrimEnd();
        return line.Length <= 200 ? line : line[..200];
    }
}
