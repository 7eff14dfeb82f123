using CanaryFunctions.LoadTester.Gates;
using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Endpoints;

public sealed class GateTests
{
    private const string Podinfo = """{"name":"podinfo","namespace":"test"}""";

    [Theory]
    [InlineData("gate")]
    [InlineData("rollback")]
    public async Task Gate_OpenedAndClosed_AnswersAccordingly(string kind)
    {
        await using var tester = await Tester.StartAsync();
        (await tester.SendAsync($"/{kind}/check", Podinfo)).ShouldBe((403, "Forbidden"));
        (await tester.SendAsync($"/{kind}/open", Podinfo)).ShouldBe((202, ""));
        (await tester.SendAsync($"/{kind}/open", Podinfo)).ShouldBe((202, ""));
        (await tester.SendAsync($"/{kind}/check", Podinfo)).ShouldBe((200, "Approved"));
        (await tester.SendAsync($"/{kind}/close", Podinfo)).ShouldBe((202, ""));
        (await tester.SendAsync($"/{kind}/check", Podinfo)).ShouldBe((403, "Forbidden"));
    }

    [Fact]
    public async Task Gate_OfRollbackPrefixedCanary_IsNotTheRollbackGate()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SendAsync("/gate/open", """{"name":"rollback.podinfo","namespace":"test"}""");
        (await tester.SendAsync("/rollback/check", Podinfo)).Status.ShouldBe(403);
        (await tester.SendAsync("/gate/check", """{"name":"rollback","namespace":"podinfo.test"}""")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Gate_OpenedByTheOwner_IsOpen()
    {
        var gates = new GateStore();
        await using var tester = await Tester.StartAsync(gates: gates);
        gates.Open(GateKind.Confirm, new("test", "podinfo"));
        (await tester.SendAsync("/gate/check", Podinfo)).Status.ShouldBe(200);
        (await tester.SendAsync("/rollback/check", Podinfo)).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("/gate/open")]
    [InlineData("/gate/close")]
    [InlineData("/rollback/open")]
    [InlineData("/rollback/close")]
    [InlineData("/")]
    public async Task Change_ByGetWithABody_IsRefused(string path)
    {
        var gates = new GateStore();
        await using var tester = await Tester.StartAsync(gates: gates);
        var (status, body) = await tester.SendAsync(path, Podinfo, "GET");
        status.ShouldBe(405);
        body.ShouldBe($"method GET is not allowed on '{path}'; use POST");
        gates.IsOpen(GateKind.Confirm, new("test", "podinfo")).ShouldBeFalse();
    }

    [Fact]
    public async Task ApproveAndHalt_AskForNothing()
    {
        await using var tester = await Tester.StartAsync(namespaces: "nothing");
        (await tester.SendAsync("/gate/approve", null, "GET")).ShouldBe((200, "OK"));
        (await tester.SendAsync("/gate/approve", "any body")).ShouldBe((200, "OK"));
        (await tester.SendAsync("/gate/halt", Podinfo)).ShouldBe((403, "Forbidden"));
    }

    [Theory]
    [InlineData("", "the body is not a webhook payload")]
    [InlineData("nonsense", "the body is not a webhook payload")]
    [InlineData("[]", "it must be an object")]
    [InlineData("""{"name":5}""", "name: '5' must be a text.")]
    [InlineData("""{"name":"a","namespace":"b","metadata":{"x":1}}""", "metadata.x: '1' must be a text.")]
    [InlineData("""{"name":"a","namespace":"b"} x""", "the body is not a webhook payload")]
    [InlineData("""{"name":"a"}""", "name: 'a' and namespace: '' must both be given")]
    [InlineData("null", "name: '' and namespace: '' must both be given")]
    public async Task Open_BadBody_Is400AndSaysWhatIsWrong(string body, string problem)
    {
        await using var tester = await Tester.StartAsync();
        var answer = await tester.SendAsync("/gate/open", body);
        answer.Status.ShouldBe(400);
        answer.Body.ShouldContain(problem);
    }

    [Fact]
    public async Task Open_WebhookPayloadInOtherCase_IsReadAsGoDoes()
    {
        await using var tester = await Tester.StartAsync();
        await tester.SendAsync("/gate/open", """{"NAME":"x","Name":"podinfo","nameSpace":"test","phase":"Waiting","checksum":"1","extra":{"a":[1]},"metadata":null}""");
        (await tester.SendAsync("/gate/check", Podinfo)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("te.t", 202)]
    [InlineData("prod|test", 202)]
    [InlineData("tes", 403)] // a part of the name is not enough
    [InlineData("est", 403)]
    [InlineData("prod", 403)]
    public async Task Open_NamespaceExpression_MustMatchTheWholeName(string expression, int status)
    {
        await using var tester = await Tester.StartAsync(namespaces: expression);
        (await tester.SendAsync("/gate/open", Podinfo)).Status.ShouldBe(status);
    }
}
