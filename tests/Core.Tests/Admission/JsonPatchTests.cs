using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class JsonPatchTests
{
    private static readonly string[] Keys = ["a", "b", "a/b", "m~n", "", "c"];

    [Fact]
    public void Between_AnyTwoDocuments_LeadsFromOneToTheOther()
        => Prop.ForAll(Documents().Two().ToArbitrary(), pair =>
        {
            var (before, after) = (JsonNode.Parse(pair.Item1), JsonNode.Parse(pair.Item2));
            var patched = JsonPatchApplier.Apply(before?.DeepClone(), JsonPatch.Between(before, after));
            return JsonNode.DeepEquals(patched, after);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Between_EqualDocuments_IsEmpty()
        => Prop.ForAll(Documents().ToArbitrary(), text => JsonPatch.Between(JsonNode.Parse(text), JsonNode.Parse(text)).Count == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void Between_OneFieldMore_IsOneAddWithItsPathEscaped()
        => JsonPatch.Between(JsonNode.Parse("""{"x":{}}"""), JsonNode.Parse("""{"x":{"a/b~c":1}}""")).ToJsonString()
            .ShouldBe("""[{"op":"add","path":"/x/a~1b~0c","value":1}]""");

    [Fact]
    public void Between_NullAndAbsent_AreToldApart()
    {
        JsonPatch.Between(JsonNode.Parse("""{"a":null}"""), JsonNode.Parse("{}")).ToJsonString().ShouldBe("""[{"op":"remove","path":"/a"}]""");
        JsonPatch.Between(JsonNode.Parse("{}"), JsonNode.Parse("""{"a":null}""")).ToJsonString().ShouldBe("""[{"op":"add","path":"/a","value":null}]""");
    }

    private static Gen<string> Documents() => Gen.Sized(size => Document(Math.Min(size / 10, 4)));

    private static Gen<string> Document(int depth)
    {
        var leaf = Gen.Elements("null", "true", "1", "2.5", "\"x\"", "{}", "[]", "\"y\"");
        if (depth == 0)
        {
            return leaf;
        }

        var items = Document(depth - 1).ListOf(3).Select(i => $"[{string.Join(',', i)}]");
        var fields = Gen.Elements(Keys).Zip(Document(depth - 1)).ListOf(4)
            .Select(f => $"{{{string.Join(',', f.DistinctBy(p => p.Item1).Select(p => $"\"{p.Item1}\":{p.Item2}"))}}}");
        return Gen.OneOf(leaf, items, fields);
    }
}
