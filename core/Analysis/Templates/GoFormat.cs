using System.Globalization;
using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>
/// Go's Sprintf with the verbs that queries use. Where Go writes its complaint into the text (<c>%!d(string=x)</c>), this is an error: a query
/// with it inside is never what was meant.
/// </summary>
internal static class GoFormat
{
    private const int MaxWidth = 1000;

    /// <exception cref="FunctionException">A verb is unknown, or does not fit its argument, or there are too many or too few arguments.</exception>
    public static string Sprintf(string format, IReadOnlyList<object?> arguments)
    {
        var text = new StringBuilder(format.Length);
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            i++;
            var verb = Verb.Read(format, ref i);
            if (verb.Letter == '%')
            {
                text.Append('%');
                continue;
            }

            if (used == arguments.Count)
            {
                throw new FunctionException($"no argument for verb %{verb.Letter} in {GoText.Quote(format)}");
            }

            text.Append(verb.Pad(Format(verb, arguments[used++])));
        }

        return used == arguments.Count ? text.ToString()
            : throw new FunctionException($"{arguments.Count} arguments for {used} verbs in {GoText.Quote(format)}");
    }

    private static string Format(Verb verb, object? value) => (verb.Letter, value) switch
    {
        ('s' or 'q' or 'v', IReadOnlyDictionary<string, string> map) => GoValues.PrintMap(map, item => Format(verb, item)),
        ('s' or 'v', string text) => Cut(text, verb.Precision),
        ('q', string text) => GoText.Quote(Cut(text, verb.Precision)),
        ('q', long number) => GoText.QuoteCharacter(number),
        ('d' or 'v', long number) => verb.Sign(number >= 0) + number.ToString(CultureInfo.InvariantCulture),
        ('f', double number) => verb.Sign(number >= 0) + Fixed(number, verb.Precision ?? 6),
        ('v', double number) => verb.Sign(number >= 0) + (verb.Precision is null ? GoNumber.Shortest(number) : throw NoPrecision(verb)),
        ('t' or 'v', bool) or ('v', null) => GoValues.Print(value),
        _ => throw new FunctionException(
            "sqvdft".Contains(verb.Letter)
                ? $"verb %{verb.Letter} does not take a value of type {GoValues.TypeName(value)}"
                : $"verb %{verb.Letter} is not supported; use one of: %d, %f, %q, %s, %t, %v, %%"),
    };

    private static FunctionException NoPrecision(Verb verb) => new($"verb %{verb.Letter} takes no precision for a float64; use %f");

    private static string Fixed(double number, int precision)
        => double.IsFinite(number) ? number.ToString($"F{precision}", CultureInfo.InvariantCulture) : GoNumber.Shortest(number).TrimStart('+');

    private static string Cut(string text, int? precision)
        => precision is null ? text : string.Concat(text.EnumerateRunes().Take(precision.Value).Select(r => r.ToString()));

    /// <summary>What stands between <c>%</c> and the letter, and the letter.</summary>
    private readonly record struct Verb(char Letter, int Width, int? Precision, bool Left, bool Zero, bool Plus)
    {
        /// <summary>Leaves the index at the letter.</summary>
        public static Verb Read(string format, ref int i)
        {
            var verb = default(Verb);
            for (; i < format.Length && format[i] is '-' or '0' or '+'; i++)
            {
                verb = verb with { Left = verb.Left || format[i] == '-', Zero = verb.Zero || format[i] == '0', Plus = verb.Plus || format[i] == '+' };
            }

            verb = verb with { Width = Number(format, ref i) ?? 0 };
            if (i < format.Length && format[i] == '.')
            {
                i++;
                verb = verb with { Precision = Number(format, ref i) ?? 0 };
            }

            return i < format.Length ? verb with { Letter = format[i] } : throw new FunctionException($"no verb at the end of {GoText.Quote(format)}");
        }

        public string Sign(bool positive) => Plus && positive ? "+" : "";

        public string Pad(string text)
        {
            var missing = Width - text.EnumerateRunes().Count();
            if (missing <= 0)
            {
                return text;
            }

            var sign = text[..(text is ['-' or '+', ..] ? 1 : 0)];
            return Left ? text + new string(' ', missing)
                : Zero && Letter is 'd' or 'f' or 'v' ? sign + new string('0', missing) + text[sign.Length..]
                : new string(' ', missing) + text;
        }

        private static int? Number(string format, ref int i)
        {
            int? number = null;
            for (; i < format.Length && char.IsAsciiDigit(format[i]); i++)
            {
                number = ((number ?? 0) * 10) + (format[i] - '0');
                if (number > MaxWidth)
                {
                    throw new FunctionException($"width and precision of {GoText.Quote(format)} must be at most {MaxWidth}");
                }
            }

            return number;
        }
    }
}
