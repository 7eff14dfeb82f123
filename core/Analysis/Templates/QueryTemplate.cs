namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>
/// Query templates: the part of Go's text/template that queries use (contracts/routing-metrics.md 2.2). Values are functions without arguments
/// (<c>{{ namespace }}</c>). Never throws and always ends, whatever the template: length, nesting and work are bounded.
/// </summary>
public static class QueryTemplate
{
    /// <summary>Longest template and longest query, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The query, or why there is none: <c>template parsing failed: ...</c> or <c>template execution failed: ...</c>.</summary>
    public static RenderResult Render(string template, QueryVariables variables)
    {
        ArgumentNullException.ThrowIfNull(variables);
        if (Parse(template, out var nodes) is { } problem)
        {
            return RenderResult.Failed(problem);
        }

        try
        {
            return RenderResult.Ok(new Evaluator(template, variables.ToValues()).Run(nodes));
        }
        catch (TemplateException e)
        {
            return RenderResult.Failed($"template execution failed: {e.Message}");
        }
    }

    /// <summary>Null when the template can be parsed, else why not. Says nothing about variables that only rendering finds missing.</summary>
    public static string? Check(string template) => Parse(template, out _);

    private static string? Parse(string template, out IReadOnlyList<Node> nodes)
    {
        ArgumentNullException.ThrowIfNull(template);
        nodes = [];
        if (template.Length > MaxLength)
        {
            return $"template parsing failed: the template has {template.Length} characters; at most {MaxLength} are allowed";
        }

        try
        {
            nodes = new Parser(template).Parse();
            return null;
        }
        catch (TemplateException e)
        {
            return $"template parsing failed: {e.Message}";
        }
    }
}

/// <summary>A rendered query or an error, never both.</summary>
public sealed record RenderResult
{
    private RenderResult(string? text, string? error) => (Text, Error) = (text, error);

    /// <summary>The query; null when rendering failed.</summary>
    public string? Text { get; }

    /// <summary>Null when rendering went well.</summary>
    public string? Error { get; }

    public static RenderResult Ok(string text) => new(text, null);

    public static RenderResult Failed(string error) => new(null, error);
}
