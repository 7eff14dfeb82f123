namespace CanaryFunctions.Providers.Metrics.Prometheus.Syntax;

/// <summary>A piece of a query.</summary>
/// <param name="Position">Index of its first character.</param>
/// <param name="Text">As written; empty at the end.</param>
internal readonly record struct PromQlToken(PromQlTokenKind Kind, int Position, string Text)
{
    /// <summary>As messages show it.</summary>
    public string Shown => Kind switch
    {
        PromQlTokenKind.End => "end of the query",
        PromQlTokenKind.Word => $"identifier \"{Text}\"",
        PromQlTokenKind.Number => $"number \"{Text}\"",
        PromQlTokenKind.Duration => $"duration \"{Text}\"",
        PromQlTokenKind.Text => $"string {(Text.Length > 20 ? $"{Text[..20]}..." : Text)}",
        _ => $"\"{Text}\"",
    };

    public bool Is(string sign) => Kind == PromQlTokenKind.Sign && Text == sign;

    public bool IsWord(string word) => Kind == PromQlTokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}

internal enum PromQlTokenKind
{
    End,

    /// <summary>A name or a word of the language.</summary>
    Word,

    Number,

    /// <summary>Such as <c>1h30m</c>.</summary>
    Duration,

    /// <summary>A quoted string, with its quotes.</summary>
    Text,

    /// <summary>An operator, bracket or comma.</summary>
    Sign,
}
