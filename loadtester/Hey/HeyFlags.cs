namespace CanaryFunctions.LoadTester.Hey;

/// <summary>What one hey command asks for (contracts/hooks-alerts.md 4.2).</summary>
internal sealed record HeyFlags
{
    public required Uri Url { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>-n: requests of all workers together; without effect when <see cref="Duration"/> is set.</summary>
    public int Requests { get; init; } = 200;

    /// <summary>-c.</summary>
    public int Workers { get; init; } = 50;

    /// <summary>-q: requests per second of each worker; 0 is as fast as it can.</summary>
    public double RatePerWorker { get; init; }

    /// <summary>-z: nominal length of the load; zero means count requests instead.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>-t: for one request, wall clock; zero is none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>-H, -T, -A, -a and -U as they go over the wire.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>-host.</summary>
    public string? Host { get; init; }

    /// <summary>-d or -D.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>-h2: HTTP/2 where TLS negotiates it; plain http stays HTTP/1.1.</summary>
    public bool Http2 { get; init; }

    /// <summary>-x.</summary>
    public Uri? Proxy { get; init; }

    public bool KeepAlive { get; init; } = true;

    public bool FollowRedirects { get; init; } = true;

    /// <summary>Requests that each worker sends.</summary>
    public int RequestsPerWorker => Duration > TimeSpan.Zero ? int.MaxValue : Requests / Workers;
}
