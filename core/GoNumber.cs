using System.Globalization;

namespace CanaryFunctions.Core;

/// <summary>Numbers as Go prints them in the contract's messages.</summary>
public static class GoNumber
{
    /// <summary>Verb <c>%v</c> of a float64: the shortest text that reads back the same, with an exponent from 1e21 on and below 1e-4.</summary>
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

        var size = Math.Abs(value);
        if (size is 0 or (>= 1e-4 and < 1e21))
        {
            return value.ToString("0.#################", CultureInfo.InvariantCulture) is var plain && double.Parse(plain, CultureInfo.InvariantCulture) == value
                ? plain
                : ((decimal)value).ToString(CultureInfo.InvariantCulture);
        }

        var parts = value.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return $"{parts[0]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>Verb <c>%.2f</c>.</summary>
    public static string TwoDecimals(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : Shortest(value);
}
