using System.Text.RegularExpressions;

namespace CanaryFunctions.LoadTester;

/// <summary>
/// Which namespaces may use gates and tasks. The expression must match the whole namespace: unanchored, <c>test</c> would let
/// <c>not-test-at-all</c> in. Matching takes linear time.
/// </summary>
internal sealed class NamespaceGuard
{
    private readonly Regex? _allowed;

    private NamespaceGuard(Regex? allowed) => _allowed = allowed;

    public bool Allows(string ns) => _allowed is null || _allowed.IsMatch(ns);

    /// <summary>False with the problem when the expression cannot be read; empty allows all.</summary>
    public static bool TryCreate(string expression, out NamespaceGuard guard, out string problem)
    {
        guard = new(null);
        problem = "";
        if (expression.Length == 0)
        {
            return true;
        }

        try
        {
            guard = new(new Regex($@"\A(?:{expression})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problem = $"is not a usable regular expression (no lookarounds, no backreferences): {e.Message}";
            return false;
        }
    }
}
