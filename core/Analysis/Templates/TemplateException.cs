using System.Text;

namespace CanaryFunctions.Core.Analysis.Templates;

/// <summary>Ends parsing or rendering; never leaves <see cref="QueryTemplate"/>. The messages are those of Go's text/template.</summary>
internal sealed class TemplateException : Exception
{
    private TemplateException(string message)
        : base(message)
    {
    }

    public static TemplateException Parsing(string template, int position, string problem)
        => new($"template: tmpl:{LineOf(template, position)}: {problem}");

    /// <param name="source">The piece of template that failed.</param>
    public static TemplateException Executing(string template, int position, string source, string problem)
    {
        var lineStart = position == 0 ? 0 : template.LastIndexOf('\n', position - 1) + 1;
        var column = Encoding.UTF8.GetByteCount(template.AsSpan(lineStart, position - lineStart));
        return new($"template: tmpl:{LineOf(template, position)}:{column}: executing \"tmpl\" at <{source}>: {problem}");
    }

    public static TemplateException TooMuch(string problem) => new($"template: tmpl: {problem}");

    private static int LineOf(string template, int position) => 1 + template.AsSpan(0, position).Count('\n');
}

/// <summary>A function refused its arguments; the evaluator adds where.</summary>
internal sealed class FunctionException(string message) : Exception(message);
