using System.Text;

namespace CanaryFunctions.Providers.Notifiers.Teams;

/// <summary>Text for cards, which are read as Markdown: what would make it bold or a link is shown as it is.</summary>
internal static class TeamsText
{
    private const string Markup = "\\*_[]`~";

    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(Markup.Contains(c) ? "\\" : "").Append(c);
        }

        return escaped.ToString();
    }

    /// <summary>Also for cards that read HTML.</summary>
    public static string EscapeHtml(string text) => Escape(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
