using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Renders parsed nodes. The work and the text it may make are bounded, for templates come from users.</summary>
internal sealed class Evaluator
{
    private readonly StringBuilder _output = new();
    private readonly PipelineEvaluator _pipelines;

    public Evaluator(string template, IReadOnlyDictionary<string, object?> values) => _pipelines = new(template, values);

    /// <exception cref="TemplateException">A value is missing, a function refuses its arguments, or it is too much work.</exception>
    public string Run(IReadOnlyList<Node> nodes)
    {
        Render(nodes, null);
        return _output.ToString();
    }

    private void Render(IReadOnlyList<Node> nodes, object? dot)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TextNode text:
                    Append(text.Text);
                    break;
                case ActionNode action:
                    Write(action.Pipeline, dot);
                    break;
                case BlockNode { Kind: BlockKind.Range } block:
                    RenderRange(block, dot);
                    break;
                case BlockNode block:
                    RenderChoice(block, dot);
                    break;
            }
        }
    }

    private void Write(Pipeline pipeline, object? dot)
    {
        var value = _pipelines.Evaluate(pipeline, dot);
        if (pipeline.Variables.Count == 0)
        {
            Append(value is null ? "<no value>" : GoValues.Print(value));
        }
    }

    private void Append(string text)
    {
        _pipelines.SpendOn(text);
        _output.Append(text);
        if (_output.Length > QueryTemplate.MaxLength)
        {
            throw TemplateException.TooMuch($"the query is longer than {QueryTemplate.MaxLength} characters");
        }
    }

    private void RenderChoice(BlockNode block, object? dot)
    {
        var scope = _pipelines.OpenScope();
        var value = _pipelines.Evaluate(block.Pipeline, dot);
        if (GoValues.IsTrue(value))
        {
            Render(block.Body, block.Kind == BlockKind.With ? value : dot);
        }
        else
        {
            Render(block.Else, dot);
        }

        _pipelines.CloseScope(scope);
    }

    private void RenderRange(BlockNode block, object? dot)
    {
        var scope = _pipelines.OpenScope();
        var value = _pipelines.Evaluate(block.Pipeline, dot, keep: false);
        var isEmpty = true;
        foreach (var (key, item) in _pipelines.Items(block.Pipeline, value))
        {
            isEmpty = false;
            var turn = _pipelines.OpenScope();
            _pipelines.KeepItem(block.Pipeline, key, item);
            Render(block.Body, item);
            _pipelines.CloseScope(turn);
        }

        if (isEmpty)
        {
            Render(block.Else, dot);
        }

        _pipelines.CloseScope(scope);
    }
}
