using System.Globalization;

namespace CanaryFunctions.Benchmarks;

/// <summary>How much load, for how long.</summary>
/// <param name="Rate">Reviews a second.</param>
/// <param name="Duration">Measured time, after a warm-up that is not measured.</param>
internal sealed record LoadOptions(int Rate, TimeSpan Duration)
{
    /// <summary><c>[--rate N] [--seconds N]</c>; 500 a second for 20 s.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    internal static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions(500, TimeSpan.FromSeconds(20));
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count && int.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new FormatException($"{arguments[i]}: must be followed by a number above 0.");
            options = arguments[i] switch
            {
                "--rate" => options with { Rate = value },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(value) },
                var other => throw new FormatException($"{other}: unknown; use --rate and --seconds."),
            };
        }

        return options;
    }
}
