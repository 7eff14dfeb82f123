namespace CanaryFunctions.Simulator.Metrics.PromQl;

internal enum TokenKind
{
    End,
    Error,
    Identifier,
    MetricIdentifier,
    Number,
    Duration,
    String,
    /// <summary>One of <c>( ) { } [ ] , : =</c>.</summary>
    Punctuation,
    /// <summary>A symbol that combines or matches: <c>+ == =~</c> and so on.</summary>
    Operator,
    /// <summary>A word that combines: and, or, unless, atan2.</summary>
    SetOperator,
    Aggregator,
    Keyword,
}

/// <summary>A lexical element. <paramref name="Position"/> is its offset in the query.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    private static readonly Dictionary<TokenKind, string> KindNames = new()
    {
        [TokenKind.Identifier] = "identifier",
        [TokenKind.MetricIdentifier] = "metric identifier",
        [TokenKind.Number] = "number",
        [TokenKind.Duration] = "duration",
        [TokenKind.String] = "string",
    };

    /// <summary>Whether the text is written in letters, so that it may also serve as a metric or label name.</summary>
    public bool IsWord => Kind is TokenKind.Identifier or TokenKind.SetOperator or TokenKind.Aggregator or TokenKind.Keyword;

    /// <summary>The word in lower case, since PromQL's keywords are case-insensitive; otherwise the text itself.</summary>
    public string Word => Kind is TokenKind.SetOperator or TokenKind.Aggregator or TokenKind.Keyword ? Text.ToLowerInvariant() : Text;

    /// <summary>As Prometheus names the element in "unexpected ...".</summary>
    public string Describe() => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Keyword => $"<{Text}>",
        TokenKind.Operator when Text == "=" => "\"=\"",
        TokenKind.Operator or TokenKind.SetOperator => $"<op:{Text}>",
        TokenKind.Aggregator => $"<aggr:{Text}>",
        TokenKind.Punctuation => $"\"{Text}\"",
        TokenKind.Identifier or TokenKind.MetricIdentifier => $"{KindNames[Kind]} \"{Text}\"",
        _ => $"{KindNames[Kind]} {Shorten(Text)}",
    };

    public bool Is(TokenKind kind, string text) => Kind == kind && Word == text;

    private static string Shorten(string text)
    {
        var escaped = (text.Length > 10 ? text[..10] : text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return text.Length > 10 ? $"\"{escaped}\"..." : $"\"{escaped}\"";
    }
}
