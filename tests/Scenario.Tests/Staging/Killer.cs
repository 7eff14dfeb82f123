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
    private int _writes;
    private int _at = -1;
    private bool _isAfter;
    private int _recorded;

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

        var isStruck = await IsStruckAsync(request, cancellationToken);
        if (isStruck && !_isAfter)
        {
            throw new KilledException(Struck!);
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (!isStruck)
        {
            return response;
        }

        response.Dispose();
        throw new KilledException(Struck!);
    }

    private async Task<bool> IsStruckAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var body = request.Content is null ? null : JsonNode.Parse(await request.Content.ReadAsStringAsync(ct));
        lock (_gate)
        {
            var recorded = body.ListAt("status", "deliveries").Count();
            var isRecord = recorded > _recorded;
            _recorded = Math.Max(recorded, _recorded);
            if (_writes++ != _at)
            {
                return false;
            }

            Struck = $"{request.Method} {request.RequestUri!.AbsolutePath}{(isRecord ? " (record of a delivery)" : "")}";
            LostARecord = isRecord && !_isAfter;
            return true;
        }
    }
}

internal sealed class KilledException(string write) : Exception($"killed at {write}");
