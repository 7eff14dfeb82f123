using System.Text.Json.Nodes;
using CanaryFunctions.Platform.Kubernetes;

namespace CanaryFunctions.Platform.Tests.Kubernetes;

public class ObjectComparisonTests
{
    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    [Theory]
    [InlineData("""{"spec":{"a":1,"b":2}}""", """{"spec":{"a":1}}""", true)]
    [InlineData("""{"spec":{"a":1}}""", """{"spec":{"a":1,"b":2}}""", false)]
    [InlineData("""{"spec":{"list":[{"x":1,"default":true}]}}""", """{"spec":{"list":[{"x":1}]}}""", true)]
    [InlineData("""{"spec":{"list":[1,2]}}""", """{"spec":{"list":[1]}}""", false)]
    [InlineData("""{"spec":{}}""", """{"spec":{"empty":{},"none":null}}""", true)]
    [InlineData("""{"metadata":{"uid":"u","labels":{"a":"b"}}}""", """{"metadata":{"labels":{"a":"b"}}}""", true)]
    [InlineData("""{"metadata":{"labels":{"a":"b","more":"c"}}}""", """{"metadata":{"labels":{"a":"b"}}}""", false)]
    [InlineData("""{"status":{"phase":"X"},"spec":{}}""", """{"status":{"phase":"Y"},"spec":{}}""", true)]
    public void ShowsObject_ComparesWhatAWriterDecides(string stored, string desired, bool shows)
        => ObjectComparison.ShowsObject(Json(stored), Json(desired)).ShouldBe(shows);

    [Theory]
    [InlineData("""{"spec":{"replicas":3}}""", """{"spec":{"replicas":3,"gone":null}}""", true)]
    [InlineData("""{"spec":{"replicas":3,"gone":1}}""", """{"spec":{"replicas":3,"gone":null}}""", false)]
    [InlineData("""{"spec":{"replicas":2}}""", """{"spec":{"replicas":3}}""", false)]
    [InlineData("""{"metadata":{"resourceVersion":"8"}}""", """{"metadata":{"resourceVersion":"7"}}""", true)]
    public void ShowsMergePatch_TellsWhetherItWasApplied(string stored, string patch, bool shows)
        => ObjectComparison.ShowsMergePatch(Json(stored), Json(patch)).ShouldBe(shows);

    [Fact]
    public void Contains_ValueMadeInMemory_EqualsTheOneRead()
        => ObjectComparison.Contains(Json("""{"n":5,"b":true}"""), new JsonObject { ["n"] = 5, ["b"] = true }).ShouldBeTrue();
}
