using System.Globalization;
using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Flags;

/// <summary>
/// Command-line flags by Go's rules: <c>-x v</c>, <c>-x=v</c>, <c>--x v</c>; a boolean takes no separate value; the first
/// word that is no flag, or <c>--</c>, ends them.
/// </summary>
internal sealed class GoFlagSet
{
    private readonly Dictionary<string, Flag> _flags = new(StringComparer.Ordinal);

    public GoFlagSet Text(string name, Action<string> set) => Add(name, new(set, "a text", TakesValue: true));

    public GoFlagSet Bool(string name, Action<bool> set)
        => Add(name, new(text => set(GoBool.TryParse(text, out var value) ? value : throw new FormatException()), "true or false", TakesValue: false));

    public GoFlagSet Int(string name, Action<int> set)
        => Add(name, new(text => set(int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)), "a whole number", TakesValue: true));

    public GoFlagSet Number(string name, Action<double> set)
        => Add(name, new(text => set(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)), "a number", TakesValue: true));

    public GoFlagSet Duration(string name, Action<TimeSpan> set) => Add(
        name,
        new(text => set(GoDuration.TryParse(text, out var value) ? value : throw new FormatException()), "a duration such as 90s, 10m or 1h30m", TakesValue: true));

    /// <summary>Sets every flag and returns the words after them. Throws <see cref="GoFlagException"/>.</summary>
    public IReadOnlyList<string> Parse(IReadOnlyList<string> words)
    {
        var at = 0;
        while (at < words.Count && words[at].Length > 1 && words[at][0] == '-')
        {
            var word = words[at++];
            if (word == "--")
            {
                break;
            }

            at += Take(word, at < words.Count ? words[at] : null);
        }

        return [.. words.Skip(at)];
    }

    /// <summary>Returns how many of the following words were its value: 0 or 1.</summary>
    private int Take(string word, string? next)
    {
        var body = word.StartsWith("--", StringComparison.Ordinal) ? word[2..] : word[1..];
        var equals = body.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? body : body[..equals];
        if (name.Length == 0 || name[0] == '-')
        {
            throw new GoFlagException($"{word}: is not a well-formed flag; write -name, -name=value or -name value.");
        }

        if (!_flags.TryGetValue(name, out var flag))
        {
            throw name is "h" or "help"
                ? new GoFlagException($"Flags: {Names()}.", isHelp: true)
                : new GoFlagException($"-{name}: is not a known flag; use one of: {Names()}.");
        }

        var separate = equals < 0 && flag.TakesValue;
        var value = equals >= 0 ? body[(equals + 1)..] : separate ? next : "true";
        flag.Set(name, value ?? throw new GoFlagException($"-{name}: needs a value: {flag.Expects}."));
        return separate ? 1 : 0;
    }

    private string Names() => string.Join(", ", _flags.Keys.Order(StringComparer.Ordinal).Select(n => "-" + n));

    private GoFlagSet Add(string name, Flag flag)
    {
        _flags.Add(name, flag);
        return this;
    }

    private sealed record Flag(Action<string> Apply, string Expects, bool TakesValue)
    {
        public void Set(string name, string value)
        {
            try
            {
                Apply(value);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw new GoFlagException($"-{name}: '{value}' is not {Expects}.");
            }
        }
    }
}
