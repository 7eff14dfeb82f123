using CanaryFunctions.LoadTester.Http;
using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>
/// The guides' acceptance tasks, <c>curl … [| grep WORD]…</c>, run in this process for machines that lack a shell, curl or grep.
/// Semantics: contracts/hooks-alerts.md 4.1. As in a pipe, the last command's exit code counts.
/// </summary>
internal sealed class OneLiner
{
    private readonly CurlCall _curl;
    private readonly IReadOnlyList<GrepFilter> _filters;

    private OneLiner(CurlCall curl, IReadOnlyList<GrepFilter> filters) => (_curl, _filters) = (curl, filters);

    /// <summary>The programs that a shell would need for it.</summary>
    public IEnumerable<string> Programs => _filters.Count == 0 ? ["curl"] : ["curl", "grep"];

    /// <summary>Null when the command is anything else.</summary>
    public static OneLiner? Parse(string command)
    {
        var commands = Commands(command);
        if (commands is not [["curl", .. var arguments], .. var rest] || CurlCall.Parse(arguments) is not { } curl)
        {
            return null;
        }

        List<GrepFilter> filters = [];
        foreach (var words in rest)
        {
            if (words is not ["grep", .. var pattern] || GrepFilter.Parse(pattern) is not { } filter)
            {
                return null;
            }

            filters.Add(filter);
        }

        return new(curl, filters);
    }

    public async Task<TaskOutcome> RunAsync(Uri? clusterProxy, CancellationToken ct)
    {
        using var http = CreateClient(clusterProxy);
        var (exitCode, text, errors) = await FetchAsync(http, ct);
        foreach (var filter in _filters)
        {
            (exitCode, text) = filter.Apply(text);
        }

        return new(exitCode, errors + text);
    }

    private static List<List<string>>? Commands(string command)
    {
        List<List<string>> commands = [[]];
        try
        {
            foreach (var token in ShellWords.Tokenize(command))
            {
                switch (token.Kind)
                {
                    case ShellTokenKind.Word:
                        commands[^1].Add(token.Text);
                        break;
                    case ShellTokenKind.Pipe:
                        commands.Add([]);
                        break;
                    default:
                        return null;
                }
            }
        }
        catch (ShellSyntaxException)
        {
            // A real shell, if there is one, words this error better.
            return null;
        }

        return commands;
    }

    private HttpClient CreateClient(Uri? clusterProxy)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = _curl.FollowRedirects, UseCookies = false, ActivityHeadersPropagator = null };
        if (clusterProxy is not null)
        {
            handler.Proxy = new ClusterProxy(clusterProxy);
        }

        if (_curl.Insecure)
        {
            handler.SslOptions = UnverifiedTls.Options;
        }

        var limit = _curl.MaxSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        return new(handler, disposeHandler: true) { Timeout = limit };
    }

    /// <summary>Exit codes are curl's: 0, 6 unknown host, 7 no connection, 22 status with -f, 28 timeout, 35 TLS.</summary>
    private async Task<(int ExitCode, string Body, string Errors)> FetchAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var request = _curl.ToRequest();
            using var response = await http.SendAsync(request, ct);
            var body = await response.Content.ReadAsStringAsync(ct);
            return _curl.FailOnError && (int)response.StatusCode >= 400
                ? Failed(22, $"the answer's status is {(int)response.StatusCode}")
                : (0, _curl.Discard ? "" : body, "");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed(28, $"no answer within {_curl.MaxSeconds} s");
        }
        catch (HttpRequestException e)
        {
            return Failed(
                e.HttpRequestError switch
                {
                    HttpRequestError.NameResolutionError => 6,
                    HttpRequestError.SecureConnectionError => 35,
                    _ => 7,
                },
                e.Message);
        }
    }

    private (int ExitCode, string Body, string Errors) Failed(int exitCode, string problem)
        => (exitCode, "", _curl.Silent && !_curl.ShowError ? "" : $"curl: ({exitCode}) {problem}\n");
}
