using System.Text;

namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Keeps the product's log lines.</summary>
internal sealed class LineWriter(Signal changed) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public override Encoding Encoding => Encoding.UTF8;

    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            _lines.Add(value ?? "");
        }

        changed.Raise();
    }
}
