using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Patching;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Tests.Api;

public sealed class StrategicMergeTests
{
    [Theory]
    // Directive on a map: replaced as a whole.
    [InlineData("""{"a":{"x":1}}""", """{"a":{"$patch":"replace","y":2}}""", """{"a":{"y":2}}""")]
    // Directive on a map: gone.
    [InlineData("""{"a":{"x":1},"b":1}""", """{"a":{"$patch":"delete"}}""", """{"b":1}""")]
    // Only the named keys survive.
    [InlineData("""{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}""", """{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}""", """{"strategy":{"type":"Recreate"}}""")]
    // Primitive lists that merge: finalizers.
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""", """{"metadata":{"finalizers":["c","b"]}}""")]
    // Lists without a merge key are replaced.
    [InlineData("""{"args":["a","b"]}""", """{"args":["c"]}""", """{"args":["c"]}""")]
    // A keyed list that is replaced on purpose.
    [InlineData("""{"env":[{"name":"A"},{"name":"B"}]}""", """{"env":[{"$patch":"replace"},{"name":"C"}]}""", """{"env":[{"name":"C"}]}""")]
    // The client's order, with the server's own item next to its old neighbour.
    [InlineData("""{"env":[{"name":"S"},{"name":"A"},{"name":"B"}]}""", """{"$setElementOrder/env":[{"name":"B"},{"name":"A"}],"env":[{"name":"A","value":"1"}]}""", """{"env":[{"name":"S"},{"name":"B"},{"name":"A","value":"1"}]}""")]
    // Service ports merge by port.
    [InlineData("""{"spec":{"ports":[{"port":80,"name":"http"}]}}""", """{"spec":{"ports":[{"port":80,"targetPort":1}]}}""", """{"spec":{"ports":[{"port":80,"name":"http","targetPort":1}]}}""")]
    // Container ports merge by containerPort.
    [InlineData("""{"containers":[{"name":"c","ports":[{"containerPort":1,"name":"x"}]}]}""", """{"containers":[{"name":"c","ports":[{"containerPort":2}]}]}""", """{"containers":[{"name":"c","ports":[{"containerPort":2},{"containerPort":1,"name":"x"}]}]}""")]
    public void Apply_Directive_GivesTheExpectedObject(string before, string patch, string after)
    {
        var result = StrategicMerge.Apply((JsonObject)JsonNode.Parse(before)!, (JsonObject)JsonNode.Parse(patch)!, MergeShape.BuiltIn);

        JsonTree.Same(result, JsonNode.Parse(after)).ShouldBeTrue(result.ToJsonString());
    }

    [Fact]
    public void Apply_ItemWithoutMergeKey_IsAnError()
        => Should.Throw<FormatException>(() => StrategicMerge.Apply([], (JsonObject)JsonNode.Parse("""{"env":[{"value":"1"}]}""")!, MergeShape.BuiltIn))
            .Message.ShouldContain("does not contain declared merge key: name");
}
