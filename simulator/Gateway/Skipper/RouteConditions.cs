using System.Text.RegularExpressions;
using CanaryFunctions.Simulator.Network;

namespace CanaryFunctions.Simulator.Gateway.Skipper;

/// <summary>What predicates ask of a request beyond host and path of the rule, and what they add to the route's priority.</summary>
internal sealed class RouteConditions
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(100);

    private readonly List<Func<RoutedRequest, bool>> _conditions = [];

    /// <summary>Weights given by <c>Weight(n)</c>, plus one for each further condition, as Skipper orders routes of one path.</summary>
    public int Priority { get; private set; }

    /// <summary>Predicates that are not understood. Their route matches nothing, because ignoring a condition would send it requests that are not its own.</summary>
    public List<string> Unknown { get; } = [];

    public bool Hold(RoutedRequest request)
    {
        foreach (var condition in _conditions)
        {
            if (!condition(request))
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="FormatException">The annotation cannot be read.</exception>
    public static RouteConditions Of(string? annotation)
    {
        var conditions = new RouteConditions();
        foreach (var predicate in Predicate.ParseAll(annotation ?? ""))
        {
            conditions.Add(predicate);
        }

        return conditions;
    }

    private void Add(Predicate predicate)
    {
        if (predicate.Name == "Weight")
        {
            Priority += predicate.Priority;
            return;
        }

        var condition = ConditionOf(predicate);
        if (condition is null)
        {
            Unknown.Add($"{predicate.Name} with {predicate.Arguments.Count} arguments");
        }

        _conditions.Add(condition ?? (_ => false));
        Priority++;
    }

    private static Func<RoutedRequest, bool>? ConditionOf(Predicate predicate) => (predicate.Name, predicate.Arguments) switch
    {
        ("True", []) => _ => true,
        ("False", []) => _ => false,
        ("Method", [var method]) => r => r.Method.Equals(method, StringComparison.OrdinalIgnoreCase),
        ("Methods", { Count: > 0 } methods) => r => methods.Contains(r.Method, StringComparer.OrdinalIgnoreCase),
        ("Path", [var path]) => r => r.Path == path,
        ("PathSubtree", [var path]) => r => RoutePath.IsBelow(r.Path, path),
        ("PathRegexp", [var pattern]) => Matching(pattern, r => r.Path),
        ("Host", [var pattern]) => Matching(pattern, r => r.Host),
        ("Header", [var name, var value]) => r => r.Headers[name].Contains(value),
        ("HeaderRegexp", [var name, var pattern]) => Matching(pattern, r => r.Headers[name].ToString()),
        _ => null,
    };

    private static Func<RoutedRequest, bool> Matching(string pattern, Func<RoutedRequest, string> subject)
    {
        try
        {
            var regex = new Regex(pattern, RegexOptions.CultureInvariant, RegexTimeout);
            return r => regex.IsMatch(subject(r));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{pattern}' is not a regular expression: {e.Message}", e);
        }
    }
}
