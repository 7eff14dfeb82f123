using System.Diagnostics.Metrics;

namespace CanaryFunctions.Platform.Telemetry.Metrics;

/// <summary>
/// Adds up what the instruments of one meter measure, and gives it as metric families: names with <c>_</c> for <c>.</c>, the unit and <c>_total</c> at the
/// end, as OpenTelemetry's mapping to Prometheus has it. Thread-safe.
/// </summary>
public sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<InstrumentReading> _readings = [];
    private readonly Lock _gate = new();

    /// <param name="meter">This very meter: others of its name, of another server in the process, are not heard.</param>
    public MeterReader(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument, Add(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, reading) => ((InstrumentReading)reading!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, reading) => ((InstrumentReading)reading!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, reading) => ((InstrumentReading)reading!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>What was measured so far, by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_gate)
        {
            foreach (var reading in _readings)
            {
                reading.BeginObserving();
            }
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            return [.. _readings.Select(r => r.Family()).OrderBy(f => f.Name, StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private InstrumentReading Add(Instrument instrument)
    {
        var reading = new InstrumentReading(instrument);
        lock (_gate)
        {
            _readings.Add(reading);
        }

        return reading;
    }
}
