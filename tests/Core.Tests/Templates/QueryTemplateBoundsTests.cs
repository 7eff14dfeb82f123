using CanaryFunctions.Core.Analysis.Templates;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Templates;

public sealed class QueryTemplateBoundsTests
{
    private static readonly QueryVariables Values = new() { Name = "podinfo", Variables = new Dictionary<string, string> { ["a"] = "b", ["c"] = "d" } };

    private static readonly string[] Fragments =
    [
        "{{", "}}", "{{-", "-}}", " ", "\n", "(", ")", "|", ":=", "=", ",", ".", "$", "$x", ".a", "\"", "\"s\"", "'c'", "`", "\\", "1", "-", "0x", "1e9",
        "if", "else", "end", "range", "with", "define", "nil", "true", "name", "variables", "variables.a", "printf", "\"%d %s\"", "index", "len", "print",
        "eq", "lt", "and", "or", "not", "urlquery", "/*", "*/", "{{ if name }}", "{{ else }}", "{{ end }}", "{{ range $k, $v := variables }}", "{{ $x := 1 }}",
        "{{ $k }}", "é", "\uD800", "\0", "{{ nil | print }}", "{{ with $x := variables }}",
    ];

    public static TheoryData<string, string> Hostile => new()
    {
        { Repeat("(", 5000, "{{ ") + " name", "nested more than 50 levels deep" },
        { Repeat("{{ if name }}", 5000), "nested more than 50 levels deep" },
        { "{{ if name }}" + Repeat("{{ else if name }}", 1000) + "{{ end }}", "nested more than 50 levels deep" },
        { "{{ range 9223372036854775807 }}{{ end }}", "rendering takes more than 20000 steps" },
        { "{{ range 900000 }}{{ range 900000 }}{{ end }}{{ end }}", "rendering takes more than 20000 steps" },
        { "{{ range 9000 }}0123456789{{ end }}", "the query is longer than 65536 characters" },
        { "{{ $a := \"0123456789\" }}{{ range 60 }}{{ $a = printf \"%s%s\" $a $a }}{{ end }}", "rendering takes more than 20000 steps" },
        { "{{ printf \"%999999999d\" 1 }}", "width and precision of \"%999999999d\" must be at most 1000" },
        { new string('x', QueryTemplate.MaxLength + 1), "the template has 65537 characters; at most 65536 are allowed" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Render_HostileTemplate_EndsWithAnError(string template, string expected)
        => QueryTemplate.Render(template, Values).Error.ShouldNotBeNull().ShouldEndWith(expected);

    [Fact]
    public void Render_NestingWithinTheBound_Works()
        => QueryTemplate.Render("{{ " + Repeat("(", 50) + "name" + Repeat(")", 50) + " }}", Values).Text.ShouldBe("podinfo");

    [Fact]
    public void Render_AnyText_NeverThrows()
        => Prop.ForAll((string? text) => HasOneAnswer(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Render_AnyMixOfFragments_NeverThrows()
    {
        var templates = Gen.Elements(Fragments).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(templates, HasOneAnswer).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Render_AnyWordsInsideBraces_NeverThrows()
    {
        var templates = Gen.Elements(Fragments).ListOf().Select(parts => $"{{{{ {string.Join(' ', parts)} }}}}").ToArbitrary();
        Prop.ForAll(templates, HasOneAnswer).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool HasOneAnswer(string template)
    {
        var result = QueryTemplate.Render(template, Values);
        return (result.Text is null) != (result.Error is null);
    }

    private static string Repeat(string text, int count, string start = "") => start + string.Concat(Enumerable.Repeat(text, count));
}
