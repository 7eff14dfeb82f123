using System.Text;

namespace CanaryFunctions.LoadTester.Shell;

/// <summary>Standard output and error of a command in the order they came; only the end is kept. Thread-safe.</summary>
internal sealed class OutputBuffer
{
    private const int Most = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();

    /// <summary>Reads to the end of the stream.</summary>
    public async Task PumpAsync(StreamReader stream, CancellationToken ct)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            Append(buffer.AsSpan(0, read));
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return _text.ToString();
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            _text.Append(text);
            if (_text.Length > 2 * Most)
            {
                _text.Remove(0, _text.Length - Most);
            }
        }
    }
}
