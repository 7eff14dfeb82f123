namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Tokens with a look ahead, and the depth that parsing is at.</summary>
internal sealed class TokenReader(string template)
{
    // Every level costs stack while parsing and rendering; far more than any query needs, far less than the stack holds.
    private const int MaxDepth = 50;
    private readonly Lexer _lexer = new(template);
    private readonly Stack<Token> _ahead = new();
    private int _depth;

    public Token Peek()
    {
        if (_ahead.Count == 0)
        {
            _ahead.Push(_lexer.Next());
        }

        return _ahead.Peek();
    }

    public Token Take() => _ahead.Count > 0 ? _ahead.Pop() : _lexer.Next();

    public void PutBack(Token token) => _ahead.Push(token);

    /// <summary>Goes one level deeper until disposed of.</summary>
    /// <exception cref="TemplateException">Too deep.</exception>
    public Level Deeper(int position)
        => ++_depth <= MaxDepth ? new(this) : throw TemplateException.Parsing(template, position, $"nested more than {MaxDepth} levels deep");

    internal readonly struct Level(TokenReader reader) : IDisposable
    {
        public void Dispose() => reader._depth--;
    }
}
