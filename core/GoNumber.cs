using System.Globalization;

namespace CanaryFunctions.Core;

/// <summary>Numbers as Go prints them in the contract's messages.</summary>
public static class GoNumber
{
    /// <summary>Verb <c>%v</c> of a float64: the fewest digits that read back the same, with an exponent from 1e6 on and below 1e-4 unless it is 0.</summary>
    public static string Shortest(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }

        var sign = double.IsNegative(value) ? "-" : "";
        var (digits, exponent) = Digits(Math.Abs(value));
        return sign + exponent switch
        {
            < -4 or >= 6 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
            < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
            _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0'),
            _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
        };
    }

    /// <summary>Verb <c>%.2f</c>.</summary>
    public static string TwoDecimals(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : Shortest(value);

    // The significant digits, and the power of ten of the first of them.
    private static (string Digits, int Exponent) Digits(double value)
    {
        var parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var power = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var whole = parts[0].Split('.')[0];
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        return significant.Length == 0 ? ("0", 0) : (significant.TrimEnd('0'), power + whole.Length - 1 - (all.Length - significant.Length));
    }
}
