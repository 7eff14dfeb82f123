using System.Globalization;
using CanaryFunctions.Prometheus.Tests.History;
using CanaryFunctions.Prometheus.Tests.Queries;

namespace CanaryFunctions.Prometheus.Tests.Servers;

/// <summary>Both answers to one query at one instant.</summary>
internal sealed record Comparison(TestQuery Query, long AtMs, Answer Ours, Answer Theirs)
{
    // Both add up many terms, in another order and with another care.
    private const double Tolerance = 1e-9;
    private const int Shown = 600;

    /// <summary>How ours differs; null when it says the same.</summary>
    public string? Difference { get; } = Compare(Query, Ours, Theirs);

    /// <summary>The difference with everything that is needed to look into it.</summary>
    public override string ToString() =>
        $"{Query.Text}\n  {(AtMs - RecordedHistory.StartMs) / 1000.0} s after the start: {Difference}\n  ours:   {Cut(Ours.Text)}\n  theirs: {Cut(Theirs.Text)}";

    private static string? Compare(TestQuery query, Answer ours, Answer theirs)
    {
        if (ours.Status != theirs.Status || ours.ErrorType != theirs.ErrorType || ours.ResultType != theirs.ResultType)
        {
            return $"{ours.Status} {ours.ErrorType ?? ours.ResultType} instead of {theirs.Status} {theirs.ErrorType ?? theirs.ResultType}";
        }

        var wanted = theirs.Elements.ToDictionary(e => e.Labels);
        foreach (var element in ours.Elements)
        {
            if (!wanted.Remove(element.Labels, out var other))
            {
                return $"an element {{{element.Labels}}} too many";
            }

            if (!AreSame(element.Values, other.Values))
            {
                return $"{{{element.Labels}}} is {string.Join(' ', element.Values)} instead of {string.Join(' ', other.Values)}";
            }
        }

        return wanted.Count > 0 ? $"no element {{{wanted.Keys.First()}}}"
            : query.IsOrdered && !ours.Elements.Zip(theirs.Elements).All(p => AreSame(p.First.Values, p.Second.Values)) ? "another order"
            : null;
    }

    private static bool AreSame(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
        => ours.Count == theirs.Count && ours.Zip(theirs).All(p => p.First == p.Second || AreClose(p.First, p.Second));

    private static bool AreClose(string ours, string theirs)
        => TryNumber(ours, out var a) && TryNumber(theirs, out var b) && Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    // NaN and the infinities are written in one way only, and are close to nothing.
    private static bool TryNumber(string text, out double number)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Cut(string text) => text.Length > Shown ? text[..Shown] + "..." : text;
}
