using System.Text;
using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Admission.Rules;

/// <summary>What the entries of hooks, metrics and alerts have in common: there are not too many, and each has a name.</summary>
internal static class NameRules
{
    /// <summary>Reports a list that is too long.</summary>
    public static void CheckCount(SpecField list, int count, int most, string what)
    {
        if (count > most)
        {
            list.Report($"{count}", $"{what} are too many; at most {most} are allowed, because what they say is kept in the status until it is told.");
        }
    }

    /// <summary>The name; null when it is missing or unusable.</summary>
    public static string? Check(SpecField field, string what)
    {
        if (field.AsRequiredText($"give the {what}'s name") is not { } name)
        {
            return null;
        }

        if (Encoding.UTF8.GetByteCount(name) > SpecLimits.MaxNameBytes)
        {
            field.Report($"is too long; a name has at most {SpecLimits.MaxNameBytes} bytes.");
        }
        else if (name.Any(char.IsControl))
        {
            field.Report("must not hold line breaks or other control characters.");
        }

        return name;
    }
}
