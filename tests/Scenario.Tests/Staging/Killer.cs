using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>
/// Ends the function that is running, once, at one of the product's writes: before the API server gets it, or when it is stored and the answer is on its way.
/// The message is then delivered again, as after the death of a process.
/// </summary>
internal sealed class Killer : DelegatingHandler
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, bool> _recorded = new();
    private int _writes;
    private int _at = -1;
    private bool _isAfter;

    /// <summary>Writes since the last <see cref="Arm"/>.</summary>
    internal int Writes => Volatile.Read(ref _writes);

    /// <summary>The write that was struck; null while none was.</summary>
    internal string? Struck { get; private set; }

    /// <summary>The write that was lost only recorded that somebody had been told: telling again is then right.</summary>
    internal bool LostARecord { get; private set; }

    internal void Arm(int at, bool after)
    {
        lock (_gate)
        {
            (_writes, _at, _isAfter, Struck, LostARecord) = (0, at, after, null, false);
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get || request.RequestUri!.AbsolutePath.Contains("admissionregistration", StringComparison.Ordinal))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var record = await NewRecordAsync(request, cancellationToken);
        var isStruck = IsStruck(request, record is not null);
        if (isStruck && !_isAfter)
        {
            LostARecord = record is not null;
            throw new KilledException(Struck!);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (record is not null && response.IsSuccessStatusCode)
        {
            _recorded.TryAdd(record, true);
        }

        if (!isStruck)
        {
            return response;
        }

        // A record that came too late for its resourceVersion was not stored either.
        LostARecord = record is not null && !response.IsSuccessStatusCode;
        response.Dispose();
        throw new KilledException(Struck!);
    }

    // The newest id among those who were told, when it is not stored yet.
    private async Task<string?> NewRecordAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(ct));
        return body.ListAt("status", "deliveries").LastOrDefault().Text() is { } newest && !_recorded.ContainsKey(newest) ? newest : null;
    }

    private bool IsStruck(HttpRequestMessage request, bool isRecord)
    {
        lock (_gate)
        {
            if (_writes++ != _at)
            {
                return false;
            }

            Struck = $"{request.Method} {request.RequestUri!.AbsolutePath}{(isRecord ? " (record of a delivery)" : "")}";
            return true;
        }
    }
}

internal sealed class KilledException(string write) : Exception($"killed at {write}");
