using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Tests.Tasks;

public sealed class CommandTextTests
{
    [Theory]
    [InlineData("curl -H 'Authorization: Bearer abc' http://x", "curl -H 'Authorization: ***' http://x")]
    [InlineData("curl -H \"x-api-key: abc\" http://x", "curl -H \"x-api-key: ***\" http://x")]
    [InlineData("curl -u me:abc http://x", "curl -u *** http://x")]
    [InlineData("hey -a 'me:a b' http://x", "hey -a *** http://x")]
    [InlineData("curl http://me:abc@x/y", "curl http://***@x/y")]
    [InlineData("helm upgrade --password abc --token=abc x", "helm upgrade --password *** --token=*** x")]
    [InlineData("hey -z 1m -a -H 'Cookie: type=insider' http://x:80/a", "hey -z 1m -a -H 'Cookie: type=insider' http://x:80/a")]
    [InlineData("curl -sd 'test' http://podinfo-canary/token | grep token", "curl -sd 'test' http://podinfo-canary/token | grep token")]
    public void Redact_Secrets_AreHiddenAndTheRestStays(string command, string shown) => CommandText.Redact(command).ShouldBe(shown);
}
