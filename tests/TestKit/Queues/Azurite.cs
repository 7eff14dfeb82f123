using System.Globalization;
using System.Text.RegularExpressions;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.StorageQueue;
using CanaryFunctions.TestKit.Programs;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CanaryFunctions.TestKit.Queues;

/// <summary>Microsoft's emulator of Storage queues on a free port, in memory. Absent where it is not installed; tests that need it are skipped then.</summary>
public sealed partial class Azurite : IAsyncLifetime
{
    public const string Account = "devstoreaccount1";
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("canary-azurite-");
    private ChildProcess? _process;

    public Uri Endpoint { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ProgramPath.WhySkip(["azurite-queue"]) is not null)
        {
            return;
        }

        string[] arguments = ["--queueHost", "127.0.0.1", "--queuePort", "0", "--inMemoryPersistence", "--silent", "--disableTelemetry"];
        _process = ChildProcess.Start(ProgramPath.Get("azurite-queue"), arguments, Path.Combine(_folder.FullName, "log"));
        var limit = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(30);
        for (Match port; !(port = Listening().Match(_process.Tail())).Success || !Listen(port); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System))
        {
            if (_process.HasExited || TimeProvider.System.GetUtcNow() > limit)
            {
                throw new InvalidOperationException($"Azurite did not start: {_process.Tail()}");
            }
        }
    }

    public async Task DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    /// <summary>Deletes all queues.</summary>
    public async Task ClearAsync()
    {
        foreach (var name in await NamesAsync())
        {
            await SendAsync(HttpMethod.Delete, $"/{name}");
        }
    }

    /// <summary>How many messages each queue has, hidden ones too.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountsAsync()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in await NamesAsync())
        {
            using var response = await RequestAsync(HttpMethod.Get, $"/{name}?comp=metadata", null);
            counts[name] = int.Parse(response.Headers.GetValues("x-ms-approximate-messages-count").Single(), CultureInfo.InvariantCulture);
        }

        return counts;
    }

    public static StorageStepQueue Open(StorageQueueOptions options) => new(options, Signer, TimeProvider.System, NullLogger<StorageStepQueue>.Instance);

    /// <summary>A request as anybody could make it, signed.</summary>
    public async Task<string> SendAsync(HttpMethod method, string pathAndQuery, string? xml = null)
    {
        using var response = await RequestAsync(method, pathAndQuery, xml);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string pathAndQuery, string? xml)
    {
        using var request = new HttpRequestMessage(method, Endpoint + pathAndQuery) { Content = xml is null ? null : new StringContent(xml) };
        request.Headers.Add("x-ms-version", "2021-12-02");
        await Signer(new ServerClock(TimeProvider.System)).SignAsync(request, CancellationToken.None);
        return (await Http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    private async Task<IReadOnlyList<string>> NamesAsync()
        => [.. Name().Matches(await SendAsync(HttpMethod.Get, "?comp=list")).Select(m => m.Groups[1].Value)];

    private static SharedKeySigner Signer(ServerClock clock) => new SharedKeySigner(Account, Convert.FromBase64String(Key), clock);

    private bool Listen(Match port)
    {
        Endpoint = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port.Groups[1].Value}/{Account}"));
        return true;
    }

    [GeneratedRegex(@"listens on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("<Name>([^<]+)</Name>")]
    private static partial Regex Name();
}
