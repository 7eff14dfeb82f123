using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Functions.Tests.Payloads;

/// <summary>Every form in which the host sends an invocation, one folder each: what the function gets, and what the host gets back.</summary>
public sealed class PayloadTests
{
    public static TheoryData<string> Cases => [.. Golden.Cases("functions-host", "payloads")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Payload_ReachesTheFunction_AsItWasSent(string name)
    {
        await using var server = await PayloadServer.StartAsync();
        var golden = Golden.Load("functions-host", "payloads", name, GoldenFormat.Json);

        golden.AssertMatches(await server.SendAsync(golden.Input.Text("function")!, golden.Input.Text("invocation")!));
    }
}
