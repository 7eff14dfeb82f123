using CanaryFunctions.LoadTester.Shell;
using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Hey;

/// <summary>Runs command lines made of hey commands in this process.</summary>
internal sealed class HeyGenerator(HeyRunner runner)
{
    private const string Program = "hey";

    /// <summary>True when the command's first word is hey.</summary>
    public static bool IsHey(string command)
        => command.AsSpan().TrimStart() is var text && text.StartsWith(Program, StringComparison.Ordinal)
            && (text.Length == Program.Length || char.IsWhiteSpace(text[Program.Length]));

    /// <summary>
    /// Null with the reason when the line holds more than hey commands, one a line. Each command's words follow hey.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>>? Read(string command, out string problem)
    {
        List<List<string>> commands = [[]];
        problem = "";
        try
        {
            foreach (var token in ShellWords.Tokenize(command))
            {
                switch (token.Kind)
                {
                    case ShellTokenKind.Word:
                        commands[^1].Add(token.Text);
                        break;
                    case ShellTokenKind.Newline:
                        commands.Add([]);
                        break;
                    default:
                        problem = $"the built-in hey runs no shell syntax: '{token.Text}' at character {token.Position + 1}.";
                        return null;
                }
            }
        }
        catch (ShellSyntaxException e)
        {
            problem = e.Message;
            return null;
        }

        commands.RemoveAll(words => words.Count == 0);
        if (commands.Find(words => words[0] != Program) is { } other)
        {
            problem = $"the built-in hey runs no other programs: '{other[0]}'.";
            return null;
        }

        return [.. commands.Select(words => words[1..])];
    }

    /// <summary>Runs the commands in order; as in a shell, the last one's exit code counts.</summary>
    public async Task<TaskOutcome> RunAsync(IReadOnlyList<IReadOnlyList<string>> commands, CancellationToken ct)
    {
        var all = new TaskOutcome(0, "");
        foreach (var words in commands)
        {
            var outcome = await RunOneAsync(words, ct);
            all = new(outcome.ExitCode, all.Output + outcome.Output, outcome.Warning ?? all.Warning);
            if (ct.IsCancellationRequested)
            {
                break;
            }
        }

        return all;
    }

    private async Task<TaskOutcome> RunOneAsync(IReadOnlyList<string> words, CancellationToken ct)
    {
        try
        {
            var report = await runner.RunAsync(HeyArguments.Parse(words), ct);
            return new(0, report.ToText(), WarningOf(report.Stats));
        }
        catch (HeyUsageException e)
        {
            return new(e.ExitCode, $"hey: {e.Message}\n");
        }
    }

    // hey exits 0 even so; without a word of this the only trace would be metrics without values.
    private static string? WarningOf(HeyStats stats) => stats is { Answers: 0, Failures: > 0 }
        ? $"none of {stats.Failures} requests was answered: {stats.Errors.MaxBy(e => e.Value).Key}"
        : null;
}
