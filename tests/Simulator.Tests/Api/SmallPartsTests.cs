using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Cel;
using CanaryFunctions.Simulator.Api.Printing;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Yaml;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class SmallPartsTests
{
    [Theory]
    [InlineData("object.spec.replicas > 2 && object.metadata.name.startsWith('we')", true)]
    [InlineData("object.spec != oldObject.spec", true)]
    [InlineData("request.operation in ['CREATE', 'DELETE']", false)]
    [InlineData("has(object.metadata.labels) && 'app' in object.metadata.labels", true)]
    [InlineData("!has(object.metadata.deletionTimestamp)", true)]
    [InlineData("size(object.spec.items) == 2 ? object.spec.items[1] == 'b' : false", true)]
    [InlineData("object.spec.items.exists(i, i == 'b') && !object.spec.items.all(i, i == 'b')", true)]
    [InlineData("object.missing.field == 1 || true", true)]
    [InlineData("request.userInfo.username == \"system:\" + 'x'", false)]
    [InlineData("object.metadata.labels['app'].matches('^w.b$')", true)]
    [InlineData("object.spec.replicas - 1 == 2", true)]
    public void Cel_Expression_Evaluates(string expression, bool expected)
    {
        var variables = new Dictionary<string, JsonNode?>
        {
            ["object"] = JsonNode.Parse("""{"metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":3,"items":["a","b"]}}"""),
            ["oldObject"] = JsonNode.Parse("""{"metadata":{"name":"web"},"spec":{"replicas":1}}"""),
            ["request"] = JsonNode.Parse("""{"operation":"UPDATE","userInfo":{"username":"admin"}}"""),
        };

        CelExpression.Parse(expression).IsTrue(variables).ShouldBe(expected);
    }

    [Theory]
    [InlineData("object.", "ends too soon")]
    [InlineData("params.x", "undeclared reference to 'params'")]
    [InlineData("object.x.lowerAscii()", "unexpected ')'")]
    [InlineData("object.x.replace('a')", "undeclared reference to 'replace'")]
    [InlineData("a & b", "unexpected '&'")]
    public void Cel_WhatIsNotSupported_IsAnErrorThatSaysWhat(string expression, string problem)
        => Should.Throw<FormatException>(() => CelExpression.Parse(expression)).Message.ShouldContain(problem);

    [Theory]
    [InlineData(".spec.a.b", "1")]
    [InlineData("{.spec.a.b}", "1")]
    [InlineData(".spec['x.y']", "dotted")]
    [InlineData(@".spec.x\.y", "dotted")]
    [InlineData(".spec.list[1].n", "two")]
    [InlineData(".spec.list[-1].n", "two")]
    [InlineData(".spec.list[*].n", "one,two")]
    [InlineData(".spec.list[?(@.n==\"two\")].v", "2")]
    [InlineData(".spec.nothing", "")]
    public void JsonPath_Path_Selects(string path, string expected)
    {
        var root = JsonTree.Parse("""{"spec":{"a":{"b":1},"x.y":"dotted","list":[{"n":"one","v":1},{"n":"two","v":2}]}}"""u8.ToArray());

        string.Join(',', JsonPath.Parse(path).Select(root).Select(JsonTree.Scalar)).ShouldBe(expected);
    }

    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: \"1\"", """{"a":"1"}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: true\nb: 'true'\nc: yes", """{"a":true,"b":"true","c":"yes"}""")]
    [InlineData("a:\nb: ~\nc: null", """{"a":null,"b":null,"c":null}""")]
    [InlineData("a: 10m\nb: 0x10\nc: 1e3", """{"a":"10m","b":16,"c":1000}""")]
    [InlineData("a: |\n  x\n  y\n", """{"a":"x\ny\n"}""")]
    [InlineData("""{"a":[1,"b",{"c":null}]}""", """{"a":[1,"b",{"c":null}]}""")]
    [InlineData("a: 2024-01-01\nb: 1.2.3\nc: -5", """{"a":"2024-01-01","b":"1.2.3","c":-5}""")]
    public void Yaml_Scalars_HaveTheTypesOfYaml12(string yaml, string json)
        => JsonTree.Same(YamlJson.ParseAll(yaml).Single(), JsonNode.Parse(json)).ShouldBeTrue(YamlJson.ParseAll(yaml).Single().ToJsonString());

    [Fact]
    public void Yaml_ManyDocuments_LeavesEmptyOnesOut()
        => YamlJson.ParseAll("---\na: 1\n---\n---\nb: 2\n").Count().ShouldBe(2);

    [Fact]
    public void Yaml_Broken_NamesTheLine()
        => Should.Throw<FormatException>(() => YamlJson.ParseAll("a: 1\nb: [")).Message.ShouldStartWith("yaml: line ");

    [Fact]
    public void Versions_AreInKubernetesOrder()
        => ((string[])["v1alpha1", "foo", "v1", "v2beta1", "v10", "v2"]).Order(VersionOrder.PreferredFirst).ShouldBe(["v10", "v2", "v1", "v2beta1", "v1alpha1", "foo"]);

    [Theory]
    [InlineData(59, "59s")]
    [InlineData(150, "2m30s")]
    [InlineData(600, "10m")]
    [InlineData(3 * 3600 + 900, "3h15m")]
    [InlineData(86400 * 5 + 7200, "5d2h")]
    [InlineData(86400 * 20, "20d")]
    public void Age_IsPrintedAsKubectlDoes(int seconds, string expected)
        => HumanAge.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);
}
