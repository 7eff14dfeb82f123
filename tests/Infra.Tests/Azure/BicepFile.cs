using System.Text.RegularExpressions;

namespace CanaryFunctions.Infra.Tests.Azure;

/// <summary>A Bicep file, as far as regular expressions understand one. There is no compiler here.</summary>
internal sealed partial class BicepFile
{
    private BicepFile(string name, string text) => (Name, Text) = (name, text);

    public string Name { get; }

    /// <summary>Without comments.</summary>
    public string Text { get; }

    public static IReadOnlyList<BicepFile> All { get; } = [.. Checkout.Below("infra/azure", "*.bicep").Select(f => new BicepFile(Path.GetFileName(f), Comment().Replace(Checkout.Read(f), "")))];

    /// <summary>Symbols by what declares them: param, var, resource, module, output.</summary>
    public IEnumerable<(string Kind, string Symbol)> Declared => Declaration().Matches(Text).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    /// <summary>Type and API version of every resource.</summary>
    public IEnumerable<string> Types => ResourceType().Matches(Text).Select(m => m.Groups[1].Value);

    /// <summary>Modules: the file, and the parameters that it is given.</summary>
    public IEnumerable<(string File, string[] Parameters)> Modules => Module().Matches(Text)
        .Select(m => (m.Groups[1].Value, Parameter().Matches(m.Groups[2].Value).Select(p => p.Groups[1].Value).ToArray()));

    /// <summary>Parameters without a default.</summary>
    public IEnumerable<string> Needed => NeededParameter().Matches(Text).Select(m => m.Groups[1].Value);

    public static BicepFile Of(string name) => All.Single(f => f.Name == name);

    /// <summary>Whether the rest of the file speaks of it.</summary>
    public bool Uses(string symbol) => Regex.Count(Text, $@"(?<![\w.'-]){Regex.Escape(symbol)}\b(?!\s*:)") > 1;

    /// <summary>What opens and is not closed, in order.</summary>
    public string Unclosed()
    {
        var open = new Stack<char>();
        var unquoted = QuotedText().Replace(Text, "");
        if (unquoted.Contains('\'', StringComparison.Ordinal))
        {
            return "'";
        }

        foreach (var mark in Marks().Matches(unquoted).Select(m => m.Value[0]))
        {
            if ("([{".Contains(mark, StringComparison.Ordinal))
            {
                open.Push(mark);
            }
            else if (open.Count == 0 || "([{".IndexOf(open.Pop(), StringComparison.Ordinal) != ")]}".IndexOf(mark, StringComparison.Ordinal))
            {
                return $"{mark} closes nothing";
            }
        }

        return string.Concat(open);
    }

    /// <summary>The value of a property that is there once.</summary>
    public string Property(string name) => Regex.Matches(Text, $@"^\s+{Regex.Escape(name)}: (.+)$", RegexOptions.Multiline).Single().Groups[1].Value;

    [GeneratedRegex(@"(?<!:)//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(param|var|resource|module|output) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^resource \w+ '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex ResourceType();

    [GeneratedRegex(@"^module \w+ '([^']+)' = .*?\n  params: \{\n(.*?)\n  \}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (\w+): ", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^param (\w+) \w+$", RegexOptions.Multiline)]
    private static partial Regex NeededParameter();

    [GeneratedRegex(@"[()\[\]{}]")]
    private static partial Regex Marks();

    [GeneratedRegex(@"'(\\.|[^'\\\n])*'")]
    private static partial Regex QuotedText();
}
