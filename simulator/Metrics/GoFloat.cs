using System.Globalization;

namespace CanaryFunctions.Simulator.Metrics;

/// <summary>Numbers as Prometheus reads and writes them (Go's shortest decimal form, without an exponent).</summary>
internal static class GoFloat
{
    /// <summary>Shortest text that reads back as the same number: <c>0.1</c>, <c>100000000000000000000</c>, <c>+Inf</c>, <c>NaN</c>.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        return exponentAt < 0 ? text : Expand(text[..exponentAt], int.Parse(text[(exponentAt + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Reads a sample value. Accepts what Go accepts in decimal form, with <c>Inf</c> and <c>NaN</c> in any case.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        var unsigned = text.Length > 0 && text[0] is '+' or '-' ? text[1..] : text;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
    }

    private static string Expand(string mantissa, int exponent)
    {
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var unsigned = mantissa[sign.Length..];
        var point = unsigned.IndexOf('.', StringComparison.Ordinal);
        var digits = unsigned.Replace(".", "", StringComparison.Ordinal);
        var shift = (point < 0 ? unsigned.Length : point) + exponent;
        if (shift <= 0)
        {
            return $"{sign}0.{new string('0', -shift)}{digits}";
        }

        return shift >= digits.Length
            ? $"{sign}{digits}{new string('0', shift - digits.Length)}"
            : $"{sign}{digits[..shift]}.{digits[shift..]}";
    }
}
