using System.Globalization;
using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Values of literals: strings, characters (their code point), booleans, and numbers as Go writes them.</summary>
internal static class Literals
{
    /// <summary>The value, or null with a problem in the words of Go.</summary>
    public static object? Read(string literal, out string problem)
    {
        problem = "";
        object? value = literal[0] switch
        {
            't' or 'f' => literal == "true",
            '"' or '`' => GoText.Unquote(literal),
            '\'' => Character(literal),
            _ => Number(literal),
        };
        if (value is null)
        {
            problem = literal[0] switch
            {
                '"' or '`' => "invalid syntax",
                '\'' => $"malformed character constant: {literal}",
                _ => $"bad number syntax: {GoText.Quote(literal)}",
            };
        }

        return value;
    }

    private static long? Character(string literal)
        => GoText.Unquote(literal) is { } text && Rune.TryGetRuneAt(text + '\0', 0, out var rune) && rune.Utf16SequenceLength == text.Length
            ? rune.Value
            : null;

    private static object? Number(string literal)
    {
        var digits = literal.Replace("_", "", StringComparison.Ordinal);
        var negative = digits[0] == '-';
        digits = digits[0] is '-' or '+' ? digits[1..] : digits;
        if (digits.Length > 1 && digits[0] == '0' && Base(digits[1]) is var numberBase and > 0)
        {
            var skip = char.IsAsciiDigit(digits[1]) ? 1 : 2;
            return Integer(digits[skip..], numberBase) is { } based ? (negative ? -based : based) : null;
        }

        if (digits.All(char.IsAsciiDigit) && long.TryParse((negative ? "-" : "") + digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return digits.AsSpan().ContainsAny('.', 'e', 'E')
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var real)
            && double.IsFinite(real)
                ? (negative ? -real : real)
                : null;
    }

    private static int Base(char mark) => mark switch
    {
        'x' or 'X' => 16,
        'o' or 'O' => 8,
        'b' or 'B' => 2,
        >= '0' and <= '9' => 8,
        _ => 0,
    };

    private static long? Integer(string digits, int numberBase)
    {
        long value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : numberBase;
            if (digit >= numberBase || value > (long.MaxValue - digit) / numberBase)
            {
                return null;
            }

            value = (value * numberBase) + digit;
        }

        return digits.Length == 0 ? null : value;
    }
}
