using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>Conditions by regular expression.</summary>
internal static class RequestPattern
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Holds where the pattern matches all of the subject. A pattern that is none holds never.</summary>
    /// <param name="warnings">Takes what is wrong with the pattern.</param>
    public static Func<RoutedRequest, bool> Whole(string pattern, Func<RoutedRequest, string> subject, List<string> warnings)
    {
        try
        {
            var regex = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, Timeout);
            return r => regex.IsMatch(subject(r));
        }
        catch (ArgumentException e)
        {
            warnings.Add($"'{pattern}' is not a regular expression: {e.Message} Its route matches nothing.");
            return _ => false;
        }
    }
}
