using System.Text;

namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// Takes JSON log lines and writes them where the Functions host looks (contracts/azure-keda.md 1.12): lines of standard error are errors to it, or warnings
/// where the line says <c>warn</c>; all others are information.
/// </summary>
public sealed class HostConsole(TextWriter output, TextWriter error) : TextWriter
{
    private static readonly string[] ForError = ["""{"level":"warn",""", """{"level":"error","""];

    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>On this process' own streams.</summary>
    public static HostConsole Open() => new(Writer(Console.OpenStandardOutput()), Writer(Console.OpenStandardError()));

    // Not Console.Out: that one is synchronised, and whoever logs has taken a lock already.
    private static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };

    public override void Write(string? value) => _line.Append(value);

    public override void Write(char value)
    {
        if (value != '\n')
        {
            _line.Append(value);
            return;
        }

        var line = _line.ToString();
        _line.Clear();
        var writer = Array.Exists(ForError, start => line.StartsWith(start, StringComparison.Ordinal)) ? error : output;
        writer.WriteLine(line);
        writer.Flush();
    }
}
