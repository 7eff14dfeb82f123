using System.Text;

namespace CanaryFunctions.Providers.Routers.Skipper;

/// <summary>
/// Skipper's annotation that adds predicates to every route of an Ingress, joined by <c>&amp;&amp;</c>. <c>Weight(100)</c> puts the clone before the user's
/// Ingress, <c>False()</c> takes it out; the rest is the user's.
/// </summary>
internal sealed record SkipperPredicates(bool IsActive, bool IsDisabled, IReadOnlyList<string> Others)
{
    public const string Annotation = "zalando.org/skipper-predicate";
    private const string Active = "Weight(100)";
    private const string Disabled = "False()";

    public static SkipperPredicates Read(string? annotation)
    {
        var items = Items(annotation ?? "");
        return new(items.Contains(Active), items.Contains(Disabled), [.. items.Where(i => i is not (Active or Disabled))]);
    }

    /// <summary>The annotation with ours in front.</summary>
    public string Write(bool active) => string.Join(" && ", Others.Prepend(active ? Active : Disabled));

    /// <summary>Parts between <c>&amp;&amp;</c>, except where it is inside a string or a regular expression.</summary>
    private static List<string> Items(string text)
    {
        var items = new List<string>();
        var item = new StringBuilder();
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (quote == '\0' && text[i] == '&' && i + 1 < text.Length && text[i + 1] == '&')
            {
                Take();
                i++;
                continue;
            }

            item.Append(text[i]);
            if (quote != '\0' && quote != '`' && text[i] == '\\' && i + 1 < text.Length)
            {
                item.Append(text[++i]);
            }
            else if (quote == '\0' && text[i] is '"' or '`' or '/')
            {
                quote = text[i];
            }
            else if (text[i] == quote)
            {
                quote = '\0';
            }
        }

        Take();
        return items;

        void Take()
        {
            if (item.ToString().Trim() is { Length: > 0 } trimmed)
            {
                items.Add(trimmed);
            }

            item.Clear();
        }
    }
}
