using System.Text;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>Writes Prometheus' text exposition format 0.0.4.</summary>
internal sealed class ExpositionWriter(TextWriter output)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public void WriteHead(string name, string help, string type)
    {
        output.Write($"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n");
        output.Write($"# TYPE {name} {type}\n");
    }

    public void WriteSample(string name, string labels, double value) => output.Write($"{name}{labels} {GoFloat.Format(value)}\n");

    /// <summary>The label part of a sample line, braces included; "" without labels.</summary>
    public static string Labels(string[] names, string[] values)
    {
        if (names.Length == 0)
        {
            return "";
        }

        var text = new StringBuilder("{");
        for (var i = 0; i < names.Length; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(names[i]).Append("=\"");
            AppendEscaped(text, values[i]);
            text.Append('"');
        }

        return text.Append('}').ToString();
    }

    /// <summary><paramref name="labels"/> with one more label, whose value needs no escaping.</summary>
    public static string AddLabel(string labels, string name, string value) =>
        labels.Length == 0 ? $"{{{name}=\"{value}\"}}" : $"{labels[..^1]},{name}=\"{value}\"}}";

    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var c in value)
        {
            text.Append(c switch { '\\' => "\\\\", '"' => "\\\"", '\n' => "\\n", _ => c.ToString() });
        }
    }
}
