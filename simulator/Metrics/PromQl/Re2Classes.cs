using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>RE2's character classes, which are ASCII, as ranges that stand inside a .NET class.</summary>
internal static class Re2Classes
{
    private static readonly Dictionary<string, string> PosixRanges = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>The ranges of <c>\d</c>, <c>\w</c> or <c>\s</c>.</summary>
    public static string Perl(char c) => c switch { 'd' => "0-9", 'w' => "0-9A-Za-z_", _ => @"\t\n\f\r " };

    /// <summary>The ranges of <c>[:name:]</c> or <c>[:^name:]</c>.</summary>
    public static string Posix(string name)
    {
        var negated = name.StartsWith('^');
        var ranges = PosixRanges.GetValueOrDefault(negated ? name[1..] : name)
            ?? throw new Re2SyntaxException("invalid character class range", $"[:{name}:]");
        return negated ? Complement(ranges) : ranges;
    }

    /// <summary>Everything that the ranges leave out, as ranges, because a class inside a class cannot be negated.</summary>
    public static string Complement(string ranges)
    {
        var member = new Regex($"[{ranges}]", RegexOptions.CultureInvariant);
        var text = new StringBuilder();
        var from = -1;
        for (var c = 0; c <= 0x80; c++)
        {
            var inside = c < 0x80 && member.IsMatch(((char)c).ToString());
            if (!inside && from < 0)
            {
                from = c;
            }
            else if (inside && from >= 0)
            {
                text.Append(CultureInfo.InvariantCulture, $@"\x{from:X2}-\x{c - 1:X2}");
                from = -1;
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $@"\x{from:X2}-\uFFFF").ToString();
    }
}
