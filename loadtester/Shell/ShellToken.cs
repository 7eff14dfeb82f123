namespace CanaryFunctions.LoadTester.Shell;

/// <summary>What a piece of a command line is.</summary>
internal enum ShellTokenKind
{
    /// <summary>A word, its quotes removed.</summary>
    Word,

    /// <summary>A single <c>|</c>.</summary>
    Pipe,

    /// <summary>A line end between two commands.</summary>
    Newline,

    /// <summary>Anything that only a real shell can do: other operators, expansions, comments.</summary>
    Other,
}

/// <summary>One piece of a command line; <see cref="Position"/> counts characters from 0.</summary>
internal readonly record struct ShellToken(ShellTokenKind Kind, string Text, int Position);
