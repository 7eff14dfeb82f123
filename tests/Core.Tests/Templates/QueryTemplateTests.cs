using CanaryFunctions.Core.Analysis.Templates;

namespace CanaryFunctions.Core.Tests.Templates;

public sealed class QueryTemplateTests
{
    private static readonly QueryVariables Values = new()
    {
        Name = "podinfo",
        Namespace = "ns",
        Target = "podinfo",
        Service = "podinfo-svc",
        Ingress = "app",
        Route = "shop",
        Interval = "2m",
        Variables = new Dictionary<string, string> { ["k2"] = "v2", ["k1"] = "v1", ["odd-key"] = "o", ["empty"] = "" },
    };

    public static TheoryData<string, string> Renders => new()
    {
        { "", "" },
        { "up", "up" },
        { "{{ name }}/{{ namespace }}/{{ target }}/{{ service }}/{{ ingress }}/{{ route }}[{{ interval }}]", "podinfo/ns/podinfo/podinfo-svc/app/shop[2m]" },
        { "{{ variables.k1 }}", "v1" },
        { "{{ index variables \"odd-key\" }}", "o" },
        { "{{ index variables \"missing\" }}", "" },
        { "{{ variables }}", "map[empty: k1:v1 k2:v2 odd-key:o]" },
        { "{{ target | printf \"%s-x\" }}", "podinfo-x" },
        { "{{ printf \"%s-%s\" namespace target }}", "ns-podinfo" },
        { "{{- $r := printf \"a_%s\" namespace }}\n{{ $r }}", "\na_ns" },
        { "{{ $r := \"a\" }}{{ $r = \"b\" }}{{ $r }}", "b" },
        { "a {{- /* gone */ -}} b", "ab" },
        { "a {{/* gone */}} b", "a  b" },
        { "a\n {{- name -}} \n b", "apodinfob" },
        { "{{ `raw \"text\" \\n` }}", "raw \"text\" \\n" },
        { "{{ \"tab\\t\\u00e9\\x41\" }}", "tab\té" + "A" },
        { "{{ 'a' }} {{ '\\n' }} {{ '\\'' }}", "97 10 39" },
        { "{{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ -3 }}", "31 5 15 15 1000 -3" },
        { "{{ 1.50 }} {{ 1e21 }} {{ .5 }} {{ -2.0 }}", "1.5 1e+21 0.5 -2" },
        { "{{ true }} {{ false }}", "true false" },
        { "{{ . }} {{ $ }}", "<no value> <no value>" },
        { "{{ print 1 2 \"a\" \"b\" 3 }}", "1 2ab3" },
        { "{{ println \"a\" 1 true }}", "a 1 true\n" },
        { "{{ printf \"%q %v %d %f %.2f %t %%\" \"a\\\"b\" 1.5 7 2.0 3.14159 true }}", "\"a\\\"b\" 1.5 7 2.000000 3.14 true %" },
        { "{{ printf \"%5d|%-5d|%05d|%+d|%5s|%.2s|%q\" 42 42 42 42 \"ab\" \"abcd\" 'x' }}", "   42|42   |00042|+42|   ab|ab|'x'" },
        { "{{ printf \"%06.2f|%-8v|\" -1.5 true }}", "-01.50|true    |" },
        { "{{ printf \"%q\" variables }}", "map[\"empty\":\"\" \"k1\":\"v1\" \"k2\":\"v2\" \"odd-key\":\"o\"]" },
        { "{{ urlquery \"a b&c=d/e~\" 1 }}", "a+b%26c%3Dd%2Fe~1" },
        { "{{ len \"h\u00e9\" }} {{ len variables }} {{ index \"abc\" 1 }}", "3 4 98" },
        { "{{ if variables.empty }}yes{{ else }}no{{ end }}", "no" },
        { "{{ if eq namespace \"a\" \"ns\" }}one{{ else if eq namespace \"b\" }}two{{ else }}three{{ end }}", "one" },
        { "{{ if eq namespace \"a\" }}one{{ else if eq namespace \"ns\" }}two{{ else }}three{{ end }}!", "two!" },
        { "{{ if eq namespace \"a\" }}one{{ else if eq namespace \"b\" }}two{{ else }}three{{ end }}!", "three!" },
        { "{{ if and name (not variables.empty) (or variables.empty true) }}t{{ end }}", "t" },
        { "{{ or variables.empty variables.k1 variables.missing }}", "v1" },
        { "{{ and variables.empty variables.missing }}|", "|" },
        { "{{ lt 1 2 }} {{ le 2 2 }} {{ gt \"b\" \"a\" }} {{ ge 1.5 2.5 }} {{ ne 1 2 }} {{ 5 | lt 3 }}", "true true true false true true" },
        { "{{ with variables.k1 }}<{{ . }}>{{ else }}none{{ end }}", "<v1>" },
        { "{{ with variables.empty }}<{{ . }}>{{ else with name }}<{{ . }}>{{ end }}", "<podinfo>" },
        { "{{ with variables }}{{ .k2 }}{{ end }}{{ with $v := variables }}{{ $v.k1 }}{{ end }}", "v2v1" },
        { "{{ (variables).k1 }}{{ (index variables \"k2\") | printf \"-%s\" }}", "v1-v2" },
        { "{{ range $k, $v := variables }}{{ $k }}={{ $v }};{{ end }}", "empty=;k1=v1;k2=v2;odd-key=o;" },
        { "{{ range variables }}[{{ . }}]{{ end }}", "[][v1][v2][o]" },
        { "{{ range $i := 3 }}{{ $i }}{{ else }}none{{ end }}{{ range 0 }}x{{ else }}none{{ end }}", "012none" },
        { "{{ $l := \"\" }}{{ range $k, $v := variables }}{{ $l = $k }}{{ end }}{{ $l }}", "odd-key" },
        { "{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21" },
        { "{{ printf\n  \"%s\"\n  name }}", "podinfo" },
        { "}} { {", "}} { {" },
    };

    public static TheoryData<string, string> Fails => new()
    {
        { "{{ variables.missing }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <variables>: map has no entry for key \"missing\"" },
        { "{{ .Foo }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <.Foo>: nil data; no entry for key \"Foo\"" },
        { "{{ $.Foo }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <$.Foo>: nil data; no entry for key \"Foo\"" },
        { "{{ name.x }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <name>: can't evaluate field x in type string" },
        { "{{ variables.k1 1 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <variables>: k1 is not a method but has arguments" },
        { "é\n é{{ name 1 }}", "template execution failed: template: tmpl:2:6: executing \"tmpl\" at <name>: wrong number of args for name: want 0 got 1" },
        { "{{ lt 1 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <lt>: wrong number of args for lt: want 2 got 1" },
        { "{{ or }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <or>: wrong number of args for or: want at least 1 got 0" },
        { "{{ eq 1 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <eq 1>: error calling eq: missing argument for comparison" },
        { "{{ lt 1 1.5 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <lt 1 1.5>: error calling lt: incompatible types for comparison" },
        { "{{ lt true false }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <lt true false>: error calling lt: invalid type for comparison" },
        { "{{ index variables 3 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <index variables 3>: error calling index: value has type int; should be string" },
        { "{{ index \"abc\" 3 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <index \"abc\" 3>: error calling index: index out of range: 3" },
        { "{{ nil }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <nil>: nil is not a command" },
        { "{{ 1 2 }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <1>: can't give argument to non-function 1" },
        { "{{ range name }}{{ end }}", "template execution failed: template: tmpl:1:9: executing \"tmpl\" at <name>: range can't iterate over podinfo" },
        { "{{ printf \"%d\" name }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <printf \"%d\" name>: error calling printf: verb %d does not take a value of type string" },
        { "{{ printf \"%s\" }}", "template execution failed: template: tmpl:1:3: executing \"tmpl\" at <printf \"%s\">: error calling printf: no argument for verb %s in \"%s\"" },
        { "{{ name | printf \"x\" }}", "template execution failed: template: tmpl:1:10: executing \"tmpl\" at <printf \"x\">: error calling printf: 1 arguments for 0 verbs in \"x\"" },
        { "{{ foo }}", "template parsing failed: template: tmpl:1: function \"foo\" not defined" },
        { "\n\n{{ foo }}", "template parsing failed: template: tmpl:3: function \"foo\" not defined" },
        { "{{ variables.my-var }}", "template parsing failed: template: tmpl:1: bad character U+002D '-'" },
        { "{{ ! }}", "template parsing failed: template: tmpl:1: unrecognized character in action: U+0021 '!'" },
        { "{{ name", "template parsing failed: template: tmpl:1: unclosed action" },
        { "{{ \"name }}", "template parsing failed: template: tmpl:1: unterminated quoted string" },
        { "{{ /* x */ }}", "template parsing failed: template: tmpl:1: unrecognized character in action: U+002F '/'" },
        { "{{/* x", "template parsing failed: template: tmpl:1: unclosed comment" },
        { "{{/* x */ y}}", "template parsing failed: template: tmpl:1: comment ends before closing delimiter" },
        { "{{ (name }}", "template parsing failed: template: tmpl:1: unclosed left paren" },
        { "{{ name) }}", "template parsing failed: template: tmpl:1: unexpected right paren" },
        { "{{ }}", "template parsing failed: template: tmpl:1: missing value for command" },
        { "{{ if }}{{ end }}", "template parsing failed: template: tmpl:1: missing value for if" },
        { "{{ if name }}", "template parsing failed: template: tmpl:1: unexpected EOF" },
        { "{{ if name }}{{ else }}", "template parsing failed: template: tmpl:1: unexpected EOF" },
        { "{{ if name }}{{ else }}{{ else }}{{ end }}", "template parsing failed: template: tmpl:1: expected end; found {{else}}" },
        { "{{ end }}", "template parsing failed: template: tmpl:1: unexpected {{end}}" },
        { "{{ else }}", "template parsing failed: template: tmpl:1: unexpected {{else}}" },
        { "{{ $x }}", "template parsing failed: template: tmpl:1: undefined variable \"$x\"" },
        { "{{ $x = 1 }}", "template parsing failed: template: tmpl:1: undefined variable \"$x\"" },
        { "{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}", "template parsing failed: template: tmpl:1: undefined variable \"$x\"" },
        { "{{ $a, $b := name }}", "template parsing failed: template: tmpl:1: too many declarations in command" },
        { "{{ name | 1 }}", "template parsing failed: template: tmpl:1: non executable command in pipeline stage 2" },
        { "{{ 1x }}", "template parsing failed: template: tmpl:1: bad number syntax: \"1x\"" },
        { "{{ name\"a\" }}", "template parsing failed: template: tmpl:1: bad character U+0022 '\"'" },
        { "{{ \"a\".b }}", "template parsing failed: template: tmpl:1: unexpected . after term \"\\\"a\\\"\"" },
        { "{{ define \"x\" }}{{ end }}", "template parsing failed: template: tmpl:1: {{define}} is not supported in query templates; use one of: if, with, range" },
        { "{{ template \"x\" }}", "template parsing failed: template: tmpl:1: {{template}} is not supported in query templates; use one of: if, with, range" },
        { "{{ block \"x\" . }}{{ end }}", "template parsing failed: template: tmpl:1: {{block}} is not supported in query templates; use one of: if, with, range" },
        { "{{ html name }}", "template parsing failed: template: tmpl:1: function \"html\" is not supported in query templates" },
    };

    [Theory]
    [MemberData(nameof(Renders))]
    public void Render_ValidTemplate_GivesTheText(string template, string expected)
    {
        var result = QueryTemplate.Render(template, Values);

        result.Error.ShouldBeNull();
        result.Text.ShouldBe(expected);
        QueryTemplate.Check(template).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Fails))]
    public void Render_BrokenTemplate_SaysWhatIsWrong(string template, string expected)
    {
        var result = QueryTemplate.Render(template, Values);

        result.Error.ShouldBe(expected);
        result.Text.ShouldBeNull();
        QueryTemplate.Check(template).ShouldBe(expected.StartsWith("template parsing", StringComparison.Ordinal) ? expected : null);
    }
}
