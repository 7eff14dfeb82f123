using System.Text.Json.Nodes;

namespace CanaryFunctions.Simulator.Api.Cel;

/// <summary>
/// The part of CEL that match conditions use: literals, lists, the variables object, oldObject, request and namespaceObject, member and index access,
/// has(), size(), string(), startsWith, endsWith, contains, matches, exists, all, the operators || &amp;&amp; ! == != &lt; &lt;= &gt; &gt;= in + - and ?:.
/// Anything else is refused when it is written, never ignored.
/// </summary>
internal sealed class CelExpression
{
    private static readonly string[] Variables = ["object", "oldObject", "request", "namespaceObject"];
    private readonly Func<CelScope, JsonNode?> _evaluate;

    private CelExpression(Func<CelScope, JsonNode?> evaluate)
    {
        _evaluate = evaluate;
    }

    /// <summary>Throws <see cref="FormatException"/> with what is not understood and where.</summary>
    public static CelExpression Parse(string text) => new(new CelParser(text, Variables).ParseAll());

    /// <summary>Throws <see cref="CelError"/> when the evaluation fails or is not a bool.</summary>
    public bool IsTrue(IReadOnlyDictionary<string, JsonNode?> variables) => CelScope.AsBool(_evaluate(new CelScope(variables)));
}
