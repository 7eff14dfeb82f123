namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>A piece of a parsed template that is rendered in order.</summary>
internal abstract record Node;

/// <summary>Text that is copied.</summary>
internal sealed record TextNode(string Text) : Node;

/// <summary>A pipeline whose value is written, unless it is kept in a variable.</summary>
internal sealed record ActionNode(Pipeline Pipeline) : Node;

/// <summary><c>if</c>, <c>with</c> or <c>range</c>.</summary>
internal sealed record BlockNode(BlockKind Kind, Pipeline Pipeline, IReadOnlyList<Node> Body, IReadOnlyList<Node> Else) : Node;

internal enum BlockKind
{
    If,
    With,
    Range,
}

/// <summary>Commands whose value goes on to the next as its last argument.</summary>
/// <param name="Variables">Names the value is kept under; two only for <c>range</c>.</param>
/// <param name="Assigns">The variables exist already.</param>
internal sealed record Pipeline(int Position, IReadOnlyList<string> Variables, bool Assigns, IReadOnlyList<Command> Commands);

/// <summary>A value, or a function and its arguments.</summary>
internal sealed record Command(string Source, IReadOnlyList<Operand> Operands)
{
    public int Position => Operands[0].Position;
}

/// <summary>A term and the fields read off it.</summary>
/// <param name="Source">What an error shows: the term, with its fields where it is a variable or the dot.</param>
internal sealed record Operand(int Position, string Source, Term Term, IReadOnlyList<string> Fields);

internal abstract record Term;

internal sealed record LiteralTerm(object Value) : Term;

internal sealed record NilTerm : Term;

internal sealed record DotTerm : Term;

internal sealed record VariableTerm(string Name) : Term;

internal sealed record FunctionTerm(string Name) : Term;

/// <summary>A pipeline in parentheses.</summary>
internal sealed record NestedTerm(Pipeline Pipeline) : Term;
