using System.Globalization;
using System.Text.Json;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>Writes values as Prometheus' API does: sample values as strings, times as seconds.</summary>
internal static class ResultWriter
{
    public static void WriteInstant(Utf8JsonWriter json, PromValue value, long atMs)
    {
        switch (value)
        {
            case ScalarValue scalar:
                Begin(json, "scalar");
                WritePair(json, atMs, GoFloat.Format(scalar.Value));
                break;
            case StringValue text:
                Begin(json, "string");
                WritePair(json, atMs, text.Value);
                break;
            case VectorValue vector:
                Begin(json, "vector");
                json.WriteStartArray();
                foreach (var sample in vector.Samples)
                {
                    json.WriteStartObject();
                    WriteLabels(json, sample.Labels);
                    json.WritePropertyName("value");
                    WritePair(json, atMs, GoFloat.Format(sample.Value));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            default:
                WriteSeries(json, ((MatrixValue)value).Series);
                return;
        }

        json.WriteEndObject();
    }

    public static void WriteSeries(Utf8JsonWriter json, IReadOnlyList<SampleSeries> series)
    {
        Begin(json, "matrix");
        json.WriteStartArray();
        foreach (var one in series)
        {
            json.WriteStartObject();
            WriteLabels(json, one.Labels);
            json.WriteStartArray("values");
            foreach (var point in one.Points)
            {
                WritePair(json, point.TimeMs, GoFloat.Format(point.Value));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteLabelSet(Utf8JsonWriter json, Labels labels)
    {
        json.WriteStartObject();
        foreach (var (name, value) in labels.Pairs)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("resultType", type);
        json.WritePropertyName("result");
    }

    private static void WriteLabels(Utf8JsonWriter json, Labels labels)
    {
        json.WritePropertyName("metric");
        WriteLabelSet(json, labels);
    }

    private static void WritePair(Utf8JsonWriter json, long timeMs, string value)
    {
        json.WriteStartArray();
        var fraction = Math.Abs(timeMs % 1000);
        var seconds = (timeMs < 0 ? "-" : "") + Math.Abs(timeMs / 1000).ToString(CultureInfo.InvariantCulture);
        json.WriteRawValue(fraction == 0 ? seconds : $"{seconds}.{fraction:D3}");
        json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
