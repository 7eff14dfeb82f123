using System.CommandLine;

namespace CanaryFunctions.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommandOptions
{
    internal static Option<string> Provider()
    {
        var option = new Option<string>("--provider")
        {
            Description = $"Routing provider: {string.Join(", ", Guides.Names)}.",
            DefaultValueFactory = _ => "skipper",
        };
        option.AcceptOnlyFromAmong([.. Guides.Names]);
        return option;
    }

    internal static Option<double> Speed(double standard)
    {
        var option = new Option<double>("--speed")
        {
            Description = "How many times faster than the wall clock waits, windows and load run: 1 to 100.",
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is < 1 or > 100 or double.NaN)
            {
                result.AddError($"--speed: '{string.Join(' ', result.Tokens)}' must be between 1 and 100.");
            }
        });
        return option;
    }
}
