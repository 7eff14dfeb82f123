using System.Globalization;
using System.Text;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>One sample line: the series, its value, and its time if the line gives one.</summary>
internal readonly record struct ExpositionSample(Labels Labels, double Value, long? TimestampMs);

/// <summary>Text that is not in Prometheus' text exposition format.</summary>
public sealed class ExpositionException(int line, string problem, string text)
    : FormatException($"Line {line}: {problem}: '{(text.Length > 120 ? text[..120] + "..." : text)}'.");

/// <summary>
/// Reads Prometheus' text exposition format 0.0.4. HELP, TYPE and other comments are skipped; metric types are not needed here.
/// </summary>
internal static class ExpositionParser
{
    /// <exception cref="ExpositionException">A line is malformed; a scrape then fails as a whole, as with Prometheus.</exception>
    public static List<ExpositionSample> Parse(string text)
    {
        var samples = new List<ExpositionSample>();
        var number = 0;
        // Only \n ends a line: a label value may hold any other character that Unicode calls a line end.
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim(' ', '\t', '\r');
            if (line.Length > 0 && line[0] != '#')
            {
                samples.Add(new LineReader(line, number).Read());
            }
        }

        return samples;
    }

    private sealed class LineReader(string line, int number)
    {
        private int _at;

        public ExpositionSample Read()
        {
            var pairs = new List<KeyValuePair<string, string>> { new(Labels.MetricName, Word("a metric name", ":")) };
            SkipBlanks();
            if (Peek() == '{')
            {
                _at++;
                ReadLabels(pairs);
            }

            var rest = line[_at..].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (rest.Length is 0 or > 2 || !GoFloat.TryParse(rest[0], out var value))
            {
                throw Error("expected a value and at most a timestamp after the series");
            }

            return new ExpositionSample(Labels.From(pairs), value, rest.Length == 2 ? Timestamp(rest[1]) : null);
        }

        private void ReadLabels(List<KeyValuePair<string, string>> pairs)
        {
            while (true)
            {
                SkipBlanks();
                if (Peek() == '}')
                {
                    _at++;
                    return;
                }

                var name = Word("a label name or '}'", "");
                Expect('=');
                SkipBlanks();
                pairs.Add(new(name, Quoted()));
                SkipBlanks();
                if (Peek() != '}')
                {
                    Expect(',');
                }
            }
        }

        private string Quoted()
        {
            Expect('"');
            var text = new StringBuilder();
            while (Peek() is var c && c != '"')
            {
                if (c == '\0')
                {
                    throw Error("a label value has no closing quote");
                }

                _at++;
                text.Append(c == '\\' ? Unescape() : c.ToString());
            }

            _at++;
            return text.ToString();
        }

        private string Unescape()
        {
            var c = Peek();
            _at++;
            return c switch { 'n' => "\n", '\\' => "\\", '"' => "\"", '\0' => throw Error("a label value has no closing quote"), _ => $"\\{c}" };
        }

        private string Word(string wanted, string extra)
        {
            var start = _at;
            while (_at < line.Length && (MetricNames.IsLabelPart(line[_at]) || extra.Contains(line[_at], StringComparison.Ordinal)))
            {
                _at++;
            }

            return _at > start && !char.IsAsciiDigit(line[start]) ? line[start.._at] : throw Error($"expected {wanted}");
        }

        private void Expect(char wanted)
        {
            SkipBlanks();
            if (Peek() != wanted)
            {
                throw Error($"expected '{wanted}' at column {_at + 1}");
            }

            _at++;
        }

        private long Timestamp(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp)
            ? timestamp
            : throw Error("the timestamp is not a whole number of milliseconds");

        private void SkipBlanks()
        {
            while (Peek() is ' ' or '\t')
            {
                _at++;
            }
        }

        private char Peek() => _at < line.Length ? line[_at] : '\0';

        private ExpositionException Error(string problem) => new(number, problem, line);
    }
}
