namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>A piece of a template.</summary>
/// <param name="Position">Index of its first character in the template.</param>
/// <param name="Text">As written; for <see cref="TokenKind.Text"/> after trimming.</param>
/// <param name="SpaceBefore">White space parts arguments: <c>a .b</c> is two, <c>a.b</c> is one.</param>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, bool SpaceBefore)
{
    /// <summary>As error messages show it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Keyword => $"<{Text}>",
        _ => Text.Length > 10 ? $"{GoText.Quote(Text[..10])}..." : GoText.Quote(Text),
    };
}

internal enum TokenKind
{
    /// <summary>End of the template.</summary>
    End,

    /// <summary>Text outside actions.</summary>
    Text,

    /// <summary><c>{{</c></summary>
    Open,

    /// <summary><c>}}</c></summary>
    Close,

    /// <summary>A function's name.</summary>
    Identifier,

    /// <summary><c>if</c>, <c>else</c>, <c>end</c>, <c>range</c>, <c>with</c> and those that are refused.</summary>
    Keyword,

    /// <summary><c>.name</c></summary>
    Field,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>$</c> or <c>$name</c></summary>
    Variable,

    /// <summary>A number, string, character, <c>true</c> or <c>false</c>.</summary>
    Literal,

    /// <summary><c>nil</c></summary>
    Nil,

    /// <summary><c>|</c></summary>
    Pipe,

    /// <summary><c>(</c></summary>
    LeftParen,

    /// <summary><c>)</c></summary>
    RightParen,

    /// <summary><c>:=</c></summary>
    Declare,

    /// <summary><c>=</c></summary>
    Assign,

    /// <summary><c>,</c></summary>
    Comma,
}
