namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>What an expression evaluates to.</summary>
internal enum PromType
{
    Scalar,
    String,
    Vector,
    Matrix,
}

/// <summary>A node of a parsed query. <paramref name="Position"/> is where it begins.</summary>
internal abstract record Expr(int Position)
{
    public abstract PromType Type { get; }
}

internal sealed record NumberLiteral(double Value, int Position) : Expr(Position)
{
    public override PromType Type => PromType.Scalar;
}

internal sealed record StringLiteral(string Value, int Position) : Expr(Position)
{
    public override PromType Type => PromType.String;
}

internal sealed record ParenExpr(Expr Inner, int Position) : Expr(Position)
{
    public override PromType Type => Inner.Type;
}

internal sealed record NegateExpr(Expr Inner, int Position) : Expr(Position)
{
    public override PromType Type => Inner.Type;
}

/// <summary>Which instant a selector looks at: <c>offset</c> (nominal ms), and <c>@</c> (wall ms, or start/end of the query).</summary>
internal sealed record TimeShift(long OffsetMs = 0, long? AtMs = null, string? AtEdge = null)
{
    public static readonly TimeShift None = new();
}

internal sealed record VectorSelector(string Name, IReadOnlyList<LabelMatcher> Matchers, TimeShift Shift, int Position) : Expr(Position)
{
    public override PromType Type => PromType.Vector;
}

internal sealed record MatrixSelector(VectorSelector Vector, long RangeMs, int Position) : Expr(Position)
{
    public override PromType Type => PromType.Matrix;
}

/// <summary><c>expr[range:step]</c>. Without a step the engine's default one is used.</summary>
internal sealed record SubqueryExpr(Expr Inner, long RangeMs, long? StepMs, TimeShift Shift, int Position) : Expr(Position)
{
    public override PromType Type => PromType.Matrix;
}

internal sealed record CallExpr(Function Function, IReadOnlyList<Expr> Arguments, int Position) : Expr(Position)
{
    public override PromType Type => Function.Returns;
}

internal sealed record AggregateExpr(
    string Operator, Expr Inner, Expr? Parameter, IReadOnlyList<string> Grouping, bool Without, int Position) : Expr(Position)
{
    public override PromType Type => PromType.Vector;
}

internal enum Cardinality
{
    OneToOne,
    ManyToOne,
    OneToMany,
}

/// <summary>How the elements of two vectors find each other: <c>on</c>/<c>ignoring</c> labels, <c>group_left</c>/<c>group_right</c> ones.</summary>
internal sealed record VectorMatching(bool On, IReadOnlyList<string> Labels, Cardinality Cardinality, IReadOnlyList<string> Include)
{
    public static readonly VectorMatching Default = new(false, [], Cardinality.OneToOne, []);
}

internal sealed record BinaryExpr(string Operator, Expr Left, Expr Right, bool ReturnBool, VectorMatching Matching, int OperatorPosition, int Position)
    : Expr(Position)
{
    public override PromType Type => Left.Type == PromType.Scalar && Right.Type == PromType.Scalar ? PromType.Scalar : PromType.Vector;
}
