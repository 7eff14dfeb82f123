using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Webhook.Tests.Scaling.Foreign;

/// <summary>A gRPC client of another ecosystem, <c>@grpc/grpc-js</c>, in a process of its own.</summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    /// <summary>What <c>.ci/install-grpc-client</c> installs.</summary>
    public const string Program = "grpc-node";

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, Channel<JsonObject>> _answers = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private int _lastId;

    private ForeignClient(Process process)
    {
        (_process, _errors) = (process, process.StandardError.ReadToEndAsync());
        _reading = ReadAsync();
    }

    /// <param name="roots">PEM file of the certificates to trust; null for no TLS.</param>
    public static ForeignClient Start(Uri address, string? roots = null)
    {
        string[] arguments = [Path.Combine(Folder(), "client.js"), Path.Combine(Folder(), "../../../../webhook/Scaling/externalscaler.proto"), $"127.0.0.1:{address.Port}"];
        var start = new ProcessStartInfo(ProgramPath.Get(Program), roots is null ? arguments : [.. arguments, roots])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["no_proxy"] = "127.0.0.1";
        return new(Process.Start(start)!);
    }

    public static JsonObject Trigger(params (string Key, string Value)[] metadata) => new()
    {
        ["name"] = "canary-functions",
        ["namespace"] = "flagger-system",
        ["scalerMetadata"] = new JsonObject(metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
    };

    /// <summary>Runs a command of <c>client.js</c> and gives its first answer.</summary>
    public Task<JsonObject> AskAsync(string command, JsonObject arguments) => NextAsync(Send(command, arguments));

    /// <summary>A unary call: <c>code</c>, and <c>reply</c> or <c>details</c>.</summary>
    public Task<JsonObject> CallAsync(string method, JsonObject request, int? deadline = null, bool zip = false)
        => AskAsync("unary", WithDeadline(new() { ["method"] = method, ["request"] = request, ["zip"] = zip }, deadline));

    /// <summary>Opens a stream; its messages and its end come from <see cref="NextAsync"/>.</summary>
    public int Open(JsonObject request, int? deadline = null) => Send("stream", WithDeadline(new() { ["request"] = request }, deadline));

    /// <summary>Starts a command and gives its number.</summary>
    public int Send(string command, JsonObject arguments)
    {
        var id = Interlocked.Increment(ref _lastId);
        arguments["id"] = id;
        arguments["do"] = command;
        Of(id);
        lock (_process)
        {
            _process.StandardInput.WriteLine(arguments.ToJsonString());
        }

        return id;
    }

    /// <summary>The command's next answer; fails after ten seconds, or when the client ended.</summary>
    public async Task<JsonObject> NextAsync(int id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            return await Of(id).Reader.ReadAsync(limit.Token);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"the client ended: {await _errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private static JsonObject WithDeadline(JsonObject arguments, int? deadline)
    {
        if (deadline is not null)
        {
            arguments["deadline"] = deadline;
        }

        return arguments;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private Channel<JsonObject> Of(int id) => _answers.GetOrAdd(id, _ => Channel.CreateUnbounded<JsonObject>());

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = Reviews.Parse(line);
            Of((int)answer["id"]!).Writer.TryWrite(answer);
        }

        foreach (var answers in _answers.Values)
        {
            answers.Writer.TryComplete();
        }
    }
}
