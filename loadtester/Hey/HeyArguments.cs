using System.Text;
using System.Text.RegularExpressions;
using CanaryFunctions.LoadTester.Flags;

namespace CanaryFunctions.LoadTester.Hey;

/// <summary>Reads hey's words into <see cref="HeyFlags"/>, with hey's defaults, checks and exit codes.</summary>
internal sealed partial class HeyArguments
{
    private const string Agent = "hey/0.0.1";

    // Beyond these, memory or timers give out.
    private const int MostWorkers = 10_000;
    private const int MostSeconds = 1_000_000;
    private const double LowestRate = 1e-6;

    private readonly List<string> _headers = [];
    private TimeSpan _duration;
    private int _requests = 200;
    private int _workers = 50;
    private double _rate;
    private int _timeoutSeconds = 20;
    private string _method = "GET";
    private string? _host;
    private string _body = "";
    private string _bodyFile = "";
    private string _contentType = "text/html";
    private string _accept = "";
    private string _agent = "";
    private string _auth = "";
    private string _proxy = "";
    private string _output = "";
    private bool _http2;
    private bool _noCompression;
    private bool _noKeepAlive;
    private bool _noRedirects;

    private HeyArguments()
    {
    }

    /// <summary>The words after <c>hey</c>. Throws <see cref="HeyUsageException"/>.</summary>
    public static HeyFlags Parse(IReadOnlyList<string> words)
    {
        var arguments = new HeyArguments();
        try
        {
            return arguments.Build(arguments.Definitions().Parse(words));
        }
        catch (GoFlagException e)
        {
            throw new HeyUsageException(e.IsHelp ? 0 : 2, e.Message);
        }
    }

    private GoFlagSet Definitions() => new GoFlagSet()
        .Duration("z", v => _duration = v)
        .Int("n", v => _requests = v)
        .Int("c", v => _workers = v)
        .Number("q", v => _rate = v)
        .Int("t", v => _timeoutSeconds = v)
        .Text("m", v => _method = v)
        .Text("H", _headers.Add)
        .Text("host", v => _host = v.Length == 0 ? null : v)
        .Text("d", v => _body = v)
        .Text("D", v => _bodyFile = v)
        .Text("T", v => _contentType = v)
        .Text("A", v => _accept = v)
        .Text("U", v => _agent = v)
        .Text("a", v => _auth = v)
        .Text("x", v => _proxy = v)
        .Text("o", v => _output = v)
        .Int("cpus", _ => { })
        .Bool("h2", v => _http2 = v)
        .Bool("disable-compression", v => _noCompression = v)
        .Bool("disable-keepalive", v => _noKeepAlive = v)
        .Bool("disable-redirects", v => _noRedirects = v);

    private HeyFlags Build(IReadOnlyList<string> rest)
    {
        Require(rest.Count > 0, "no URL is given; write hey [flags] URL.");
        Require(_workers is >= 1 and <= MostWorkers, $"-c: {_workers} must be between 1 and {MostWorkers}.");
        Require(_duration > TimeSpan.Zero || _requests >= _workers, $"-n: {_requests} must be at least -c, which is {_workers}.");
        Require(_rate == 0 || (double.IsFinite(_rate) && _rate >= LowestRate), $"-q: {_rate} must be 0 (no limit) or at least {LowestRate}.");
        Require(_timeoutSeconds is >= 0 and <= MostSeconds, $"-t: {_timeoutSeconds} must be between 0 (no limit) and {MostSeconds}.");
        Require(MethodForm().IsMatch(_method), $"-m: '{_method}' is not an HTTP method; use letters, such as GET or POST.");
        Require(_output is "" or "csv", $"-o: '{_output}' is not known; use csv or leave it out.");
        var url = HttpUrl(rest[0], "URL");
        if (_auth.Length == 0)
        {
            _auth = Uri.UnescapeDataString(url.UserInfo);
        }

        return new()
        {
            Url = new UriBuilder(url) { UserName = "", Password = "" }.Uri,
            Method = new(_method.ToUpperInvariant()),
            Requests = _requests,
            Workers = _workers,
            RatePerWorker = _rate,
            Duration = _duration > TimeSpan.Zero ? _duration : TimeSpan.Zero,
            Timeout = TimeSpan.FromSeconds(_timeoutSeconds),
            Headers = WireHeaders(),
            Host = _host,
            Body = ReadBody(),
            Http2 = _http2,
            Proxy = _proxy.Length == 0 ? null : HttpUrl(_proxy, "-x"),
            KeepAlive = !_noKeepAlive,
            FollowRedirects = !_noRedirects,
        };
    }

    private List<KeyValuePair<string, string>> WireHeaders()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = _contentType };
        foreach (var header in _headers)
        {
            var match = HeaderForm().Match(header);
            Require(match.Success, $"-H: '{header}' is not of the form 'Name: value'.");
            headers[match.Groups[1].Value] = match.Groups[2].Value;
        }

        SetUnlessEmpty("Accept", _accept);
        SetUnlessEmpty("User-Agent", _agent);
        if (_auth.Length > 0)
        {
            // The value is a password, so the message does not repeat it.
            Require(_auth.Contains(':', StringComparison.Ordinal), "-a or the URL's user: is not of the form user:password.");
            headers["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(_auth));
        }

        headers["User-Agent"] = headers.TryGetValue("User-Agent", out var agent) ? $"{agent} {Agent}" : Agent;
        if (!_noCompression)
        {
            headers.TryAdd("Accept-Encoding", "gzip");
        }

        // As hey does, which builds on a client that takes the host from elsewhere: only -host sets it.
        headers.Remove("Host");
        return [.. headers];

        void SetUnlessEmpty(string name, string value)
        {
            if (value.Length > 0)
            {
                headers[name] = value;
            }
        }
    }

    private byte[] ReadBody()
    {
        if (_bodyFile.Length == 0)
        {
            return Encoding.UTF8.GetBytes(_body);
        }

        try
        {
            return File.ReadAllBytes(_bodyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HeyUsageException(1, $"-D: '{_bodyFile}' cannot be read: {e.Message}");
        }
    }

    private static Uri HttpUrl(string text, string what)
        => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new HeyUsageException(1, $"{what}: '{text}' is not a URL; it must begin with http:// or https://.");

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new HeyUsageException(1, message);
        }
    }

    [GeneratedRegex(@"^([\w-]+):\s*(.+)")]
    private static partial Regex HeaderForm();

    [GeneratedRegex(@"^[A-Za-z-]+\z")]
    private static partial Regex MethodForm();
}
