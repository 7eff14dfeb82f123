using System.Text.Json.Nodes;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Platform.Tests.Hosting;

public class InvocationTests
{
    /// <summary>The table of contracts/azure-keda.md 1.4, and what a host that encodes less would send.</summary>
    [Theory]
    [InlineData("""  "\"hello\"" """, """ "hello" """)]
    [InlineData("""  "hello" """, """ "hello" """)]
    [InlineData("""  "1" """, "1")]
    [InlineData("""  "true" """, "true")]
    [InlineData("""  "[\"m1\",\"m2\"]" """, """["m1","m2"]""")]
    [InlineData("""  {"a":1} """, """{"a":1}""")]
    [InlineData("""  7 """, "7")]
    [InlineData("""  "" """, """ "" """)]
    [InlineData("null", "null")]
    public void Decode_EachFormOfTheContract_IsItsValue(string element, string expected)
        => JsonNode.DeepEquals(Invocation.Decode(JsonNode.Parse(element)), JsonNode.Parse(expected)).ShouldBeTrue();

    [Fact]
    public void Metadata_Missing_HasDefaults()
    {
        var message = new Invocation([], "invocation-1").Messages().ShouldHaveSingleItem();

        (message.Delivered.Message, message.Delivered.Id, message.Delivered.DeliveryCount, message.Session).ShouldBe(("", "invocation-1", 1, null));
    }
}
