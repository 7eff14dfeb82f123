using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>One pass over an RE2 expression.</summary>
internal sealed partial class Re2Rewriter(string pattern)
{
    private readonly StringBuilder _out = new();
    private int _at;
    private bool _multiline;
    private int _groups;

    /// <summary>Number of each named group. Names are not passed on: .NET would number named groups after all others.</summary>
    public Dictionary<string, int> GroupNames { get; } = new(StringComparer.Ordinal);

    public string Rewrite()
    {
        while (_at < pattern.Length)
        {
            switch (pattern[_at])
            {
                case '\\':
                    Escape(inClass: false);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Group();
                    break;
                case '{':
                    Repeat();
                    break;
                case '^':
                    Copy(_multiline ? "^" : @"\A", 1);
                    break;
                case '$':
                    Copy(_multiline ? "$" : @"\z", 1);
                    break;
                default:
                    Copy(pattern[_at].ToString(), 1);
                    break;
            }
        }

        return _out.ToString();
    }

    /// <summary>RE2 repeats at most a thousand times; text in braces that is no count stands for itself in both engines.</summary>
    private void Repeat()
    {
        var count = RepeatCount().Match(pattern, _at);
        if (count.Success && (IsTooMany(count.Groups[1].Value) || IsTooMany(count.Groups[2].Value)))
        {
            throw new Re2SyntaxException("invalid repeat count", count.Value);
        }

        Copy("{", 1);
    }

    private static bool IsTooMany(string digits) => digits.Length > 4 || (int.TryParse(digits, out var count) && count > 1000);

    private void Group()
    {
        if (!StartsWith("(?"))
        {
            _groups++;
            Copy("(", 1);
        }
        else if (StartsWith("(?P<") || (StartsWith("(?<") && _at + 3 < pattern.Length && pattern[_at + 3] is not ('=' or '!')))
        {
            NamedGroup();
        }
        else
        {
            var end = _at + 2;
            while (end < pattern.Length && pattern[end] is 'i' or 'm' or 's' or '-')
            {
                end++;
            }

            if (end >= pattern.Length || pattern[end] is not (':' or ')'))
            {
                throw new Re2SyntaxException("invalid or unsupported Perl syntax", pattern[_at..Math.Min(pattern.Length, end + 1)]);
            }

            var flags = pattern[_at..(end + 1)];
            _multiline |= flags.Split('-')[0].Contains('m', StringComparison.Ordinal);
            Copy(flags, flags.Length);
        }
    }

    private void NamedGroup()
    {
        var start = pattern.IndexOf('<', _at) + 1;
        var end = pattern.IndexOf('>', start);
        var name = end < 0 ? "" : pattern[start..end];
        if (name.Length == 0 || !name.All(MetricNames.IsLabelPart) || !GroupNames.TryAdd(name, ++_groups))
        {
            throw new Re2SyntaxException("invalid named capture", pattern[_at..(end < 0 ? pattern.Length : end + 1)]);
        }

        Copy("(", end + 1 - _at);
    }

    private void Class()
    {
        var start = _at;
        Copy("[", 1);
        if (StartsWith("^"))
        {
            Copy("^", 1);
        }

        var first = true;
        while (_at < pattern.Length && (pattern[_at] != ']' || first))
        {
            first = false;
            if (StartsWith("[:") && pattern.IndexOf(":]", _at, StringComparison.Ordinal) is var end and > 0)
            {
                Copy(Re2Classes.Posix(pattern[(_at + 2)..end]), end + 2 - _at);
            }
            else if (pattern[_at] == '\\')
            {
                Escape(inClass: true);
            }
            else
            {
                // A bare '[' would begin a .NET class subtraction after '-', a bare leading ']' would close the class.
                Copy(pattern[_at] is '[' or ']' ? $@"\{pattern[_at]}" : pattern[_at].ToString(), 1);
            }
        }

        if (_at >= pattern.Length)
        {
            throw new Re2SyntaxException("missing closing ]", pattern[start..]);
        }

        Copy("]", 1);
    }

    private void Escape(bool inClass)
    {
        if (_at + 1 >= pattern.Length)
        {
            throw new Re2SyntaxException("trailing backslash at end of expression", "");
        }

        var c = pattern[_at + 1];
        switch (c)
        {
            case 'd' or 'w' or 's' or 'D' or 'W' or 'S':
                Perl(c, inClass);
                break;
            case 'Q' when !inClass:
                Quoted();
                break;
            case 'x' when StartsWith(@"\x{"):
                CodePoint();
                break;
            case 'p' or 'P':
                Unicode();
                break;
            case 'A' or 'z' or 'b' or 'B' when !inClass:
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v' or 'x' or '0':
                Copy(pattern.Substring(_at, 2), 2);
                break;
            default:
                // Letters and digits that RE2 does not know mean something to .NET (\1, \k, \G, \Z, \e): refused, not passed on.
                if (char.IsAsciiLetterOrDigit(c) || c > '\x7f')
                {
                    throw new Re2SyntaxException("invalid escape sequence", $@"\{c}");
                }

                Copy(pattern.Substring(_at, 2), 2);
                break;
        }
    }

    private void Perl(char c, bool inClass)
    {
        var ranges = Re2Classes.Perl(char.ToLowerInvariant(c));
        var negated = char.IsAsciiLetterUpper(c);
        Copy(inClass ? negated ? Re2Classes.Complement(ranges) : ranges : $"[{(negated ? "^" : "")}{ranges}]", 2);
    }

    private void Quoted()
    {
        var end = pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        var text = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
        Copy(Regex.Escape(text), text.Length + (end < 0 ? 2 : 4));
    }

    private void CodePoint()
    {
        var end = pattern.IndexOf('}', _at);
        if (end < 0
            || !int.TryParse(pattern.AsSpan(_at + 3, end - _at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code))
        {
            throw new Re2SyntaxException("invalid escape sequence", pattern[_at..Math.Min(pattern.Length, _at + 3)]);
        }

        Copy(Regex.Escape(new Rune(code).ToString()), end + 1 - _at);
    }

    private void Unicode()
    {
        if (_at + 2 < pattern.Length && pattern[_at + 2] != '{')
        {
            Copy($@"\{pattern[_at + 1]}{{{pattern[_at + 2]}}}", 3);
        }
        else
        {
            Copy(pattern.Substring(_at, 2), 2);
        }
    }

    [GeneratedRegex(@"\G\{([0-9]+)(?:,([0-9]*))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex RepeatCount();

    private bool StartsWith(string text) => string.CompareOrdinal(pattern, _at, text, 0, text.Length) == 0;

    private void Copy(string text, int consumed)
    {
        _out.Append(text);
        _at += consumed;
    }
}
