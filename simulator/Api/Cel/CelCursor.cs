namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>Where a parser stands in an expression's tokens.</summary>
internal sealed class CelCursor(string text)
{
    private readonly List<CelToken> _tokens = CelTokens.Split(text);
    private int _at;

    public CelToken Current => _tokens[_at];

    public CelToken Take() => _tokens[_at++];

    public string Name() => Current.Kind == CelTokenKind.Name ? Take().Value : throw Unexpected();

    public bool Accept(string symbol)
    {
        if (Current.Kind != CelTokenKind.Symbol || Current.Value != symbol)
        {
            return false;
        }

        _at++;
        return true;
    }

    public void Expect(string symbol)
    {
        if (!Accept(symbol))
        {
            throw Unexpected();
        }
    }

    public FormatException Unexpected() => new(Current.Kind == CelTokenKind.End
        ? "the expression ends too soon"
        : $"unexpected '{Current.Value}' at position {Current.Position}");
}
