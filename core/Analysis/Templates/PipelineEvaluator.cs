namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Computes pipelines, and holds the variables and what is left of the bound on work.</summary>
internal sealed class PipelineEvaluator(string template, IReadOnlyDictionary<string, object?> values)
{
    // Counts a step for every operand and one for every 64 characters made: what guides need is below a hundred,
    // and all of it takes milliseconds and a megabyte at most.
    private const int MaxWork = 20_000;
    private static readonly object Nothing = new();
    private readonly List<(string Name, object? Value)> _variables = [("$", null)];
    private int _work;

    public int OpenScope() => _variables.Count;

    public void CloseScope(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    /// <summary>Counts the text towards the bound.</summary>
    public void SpendOn(string text) => Spend(1 + (text.Length / 64));

    /// <param name="keep">Whether the value goes into the pipeline's variables; <c>range</c> keeps items instead.</param>
    public object? Evaluate(Pipeline pipeline, object? dot, bool keep = true)
    {
        var value = Nothing;
        foreach (var command in pipeline.Commands)
        {
            value = Run(command, dot, value);
        }

        if (keep && pipeline.Variables.Count > 0)
        {
            Keep(pipeline, pipeline.Variables[0], value);
        }

        return value;
    }

    /// <summary>The entries of a map in the order of its keys, or 0, 1, ... below a number.</summary>
    public IEnumerable<(object Key, object Item)> Items(Pipeline pipeline, object? value) => value switch
    {
        null => [],
        IReadOnlyDictionary<string, string> map => GoValues.Sorted(map).Select(p => ((object)p.Key, (object)p.Value)),
        long count when pipeline.Variables.Count < 2 => Count(count),
        long => throw Fail(pipeline, $"can't use {GoValues.Print(value)} to iterate over more than one variable"),
        _ => throw Fail(pipeline, $"range can't iterate over {GoValues.Print(value)}"),
    };

    /// <summary>Puts one turn's key and item into the variables that the range names.</summary>
    public void KeepItem(Pipeline pipeline, object key, object item)
    {
        if (pipeline.Variables is [var keyName, var itemName])
        {
            Keep(pipeline, keyName, key);
            Keep(pipeline, itemName, item);
        }
        else if (pipeline.Variables is [var name])
        {
            Keep(pipeline, name, item);
        }
    }

    private IEnumerable<(object Key, object Item)> Count(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            Spend(1);
            yield return (i, i);
        }
    }

    private void Keep(Pipeline pipeline, string name, object? value)
    {
        if (pipeline.Assigns)
        {
            _variables[_variables.FindLastIndex(v => v.Name == name)] = (name, value);
        }
        else
        {
            _variables.Add((name, value));
        }
    }

    private object? Run(Command command, object? dot, object? piped)
    {
        var first = command.Operands[0];
        if (first is { Term: FunctionTerm function, Fields.Count: 0 })
        {
            return Call(function.Name, first, command, dot, piped);
        }

        if (command.Operands.Count > 1 || !ReferenceEquals(piped, Nothing))
        {
            throw Fail(first, first.Fields.Count > 0
                ? $"{first.Fields[^1]} is not a method but has arguments"
                : $"can't give argument to non-function {first.Source}");
        }

        return first.Term is NilTerm ? throw Fail(first, "nil is not a command") : Evaluate(first, dot);
    }

    private object? Evaluate(Operand operand, object? dot)
    {
        Spend(1);
        var value = operand.Term switch
        {
            LiteralTerm literal => literal.Value,
            DotTerm => dot,
            VariableTerm variable => _variables.FindLast(v => v.Name == variable.Name).Value,
            NestedTerm nested => Evaluate(nested.Pipeline, dot),
            FunctionTerm function => Call(function.Name, operand, new(operand.Source, [operand]), dot, Nothing),
            _ => null,
        };
        return operand.Fields.Aggregate(value, (current, field) => Field(operand, current, field));
    }

    private string Field(Operand operand, object? value, string field) => value switch
    {
        null => throw Fail(operand, $"nil data; no entry for key {GoText.Quote(field)}"),
        IReadOnlyDictionary<string, string> map => map.TryGetValue(field, out var item) ? item
            : throw Fail(operand, $"map has no entry for key {GoText.Quote(field)}"),
        _ => throw Fail(operand, $"can't evaluate field {field} in type {GoValues.TypeName(value)}"),
    };

    private object? Call(string name, Operand at, Command command, object? dot, object? piped)
    {
        var count = command.Operands.Count - 1 + (ReferenceEquals(piped, Nothing) ? 0 : 1);
        var arguments = command.Operands.Skip(1).Select(o => Evaluate(o, dot)).Concat(ReferenceEquals(piped, Nothing) ? [] : [piped]);
        if (name is Functions.And or Functions.Or)
        {
            return count == 0 ? throw WrongCount(at, name, "at least 1", 0) : FirstOrLast(arguments, isTrue: name == Functions.Or);
        }

        var function = Functions.Find(name) ?? new Function(0, 0, _ => values[name]);
        if (count < function.Min || count > (function.Max ?? int.MaxValue))
        {
            throw WrongCount(at, name, function.Max is { } max ? $"{max}" : $"at least {function.Min}", count);
        }

        try
        {
            var result = function.Apply([.. arguments]);
            SpendOn(result as string ?? "");
            return result;
        }
        catch (FunctionException e)
        {
            throw TemplateException.Executing(template, command.Position, command.Source, $"error calling {name}: {e.Message}");
        }
    }

    /// <summary>The first argument of that truth, and no argument after it is looked at; else the last.</summary>
    private static object? FirstOrLast(IEnumerable<object?> arguments, bool isTrue)
    {
        object? last = null;
        foreach (var argument in arguments)
        {
            last = argument;
            if (GoValues.IsTrue(argument) == isTrue)
            {
                break;
            }
        }

        return last;
    }

    private void Spend(int steps)
    {
        _work += steps;
        if (_work > MaxWork)
        {
            throw TemplateException.TooMuch($"rendering takes more than {MaxWork} steps");
        }
    }

    private TemplateException WrongCount(Operand at, string name, string want, int got)
        => Fail(at, $"wrong number of args for {name}: want {want} got {got}");

    private TemplateException Fail(Operand operand, string problem) => TemplateException.Executing(template, operand.Position, operand.Source, problem);

    private TemplateException Fail(Pipeline pipeline, string problem)
        => TemplateException.Executing(template, pipeline.Position, pipeline.Commands[0].Source, problem);
}
