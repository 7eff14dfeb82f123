using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers.Notifiers.Slack;
using CanaryFunctions.Providers.Notifiers.Teams;

namespace CanaryFunctions.Providers.Tests.Notifiers;

public sealed class NotifierAnswerTests
{
    [Theory]
    [InlineData(200, "ok", null)]
    [InlineData(200, "{\"ok\":true,\"ts\":\"1\"}", null)]
    [InlineData(200, "{ not json", null)]
    [InlineData(200, "{\"ok\":false,\"error\":\"channel_not_found\"}", "slack refused the message: channel_not_found")]
    [InlineData(200, "{\"ok\":false}", "slack refused the message: no reason given")]
    [InlineData(404, "no_service", "slack refused the message: status 404: no_service")]
    [InlineData(429, "", "slack refused the message: status 429")]
    public void Slack_Answer_IsJudged(int status, string body, string? expected)
        => new SlackNotifier().Problem(new HttpAnswer(status, body)).ShouldBe(expected);

    [Theory]
    [InlineData(200, "1", null)]
    [InlineData(202, "", null)]
    [InlineData(299, "", null)]
    [InlineData(200, "Webhook message delivery failed with error: status 429", "msteams refused the message: status 200: Webhook message delivery failed with error: status 429")]
    [InlineData(400, " bad card ", "msteams refused the message: status 400: bad card")]
    [InlineData(302, "", "msteams refused the message: status 302")]
    public void Teams_Answer_IsJudged(int status, string body, string? expected)
        => new TeamsNotifier().Problem(new HttpAnswer(status, body)).ShouldBe(expected);

    [Fact]
    public void Problem_LongAnswer_IsCut()
        => new SlackNotifier().Problem(new HttpAnswer(500, new string('x', 5000)))!.Length.ShouldBeLessThan(300);

    [Theory]
    [InlineData("https://x.webhook.office.com/webhookb2/secret", true)]
    [InlineData("https://OUTLOOK.office.com/webhook/secret", true)]
    [InlineData("https://eu.outlook.office.com/webhook/secret", true)]
    [InlineData("https://prod-1.westeurope.logic.azure.com/workflows/secret", false)]
    [InlineData("https://webhook.office.com.evil.example/x", false)]
    [InlineData("https://notoutlook.office.com/x", false)]
    public void Teams_Host_ChoosesTheCard(string url, bool isMessageCard)
    {
        var call = new TeamsNotifier().Render(new("s", "t", AlertSeverity.Info, []), new(new Uri(url)));

        JsonNode.Parse(call.Body!).Text("@type").ShouldBe(isMessageCard ? "MessageCard" : null);
        call.DisplayName.ShouldBe("msteams webhook");
    }

    [Theory]
    [InlineData("https://x.webhook.office.com/a")]
    [InlineData("https://prod.logic.azure.com/a")]
    public void Teams_EnormousAlert_FitsTheLimitAndKeepsItsBeginning(string url)
    {
        var fields = Enumerable.Range(0, 200).Select(i => new AlertField($"name {i} {Emoji(500)}", Emoji(5000))).ToList();
        var alert = new Alert("podinfo.test", "Failed checks " + new string('"', 100_000), AlertSeverity.Error, fields);

        var call = new TeamsNotifier().Render(alert, new(new Uri(url)));

        Encoding.UTF8.GetByteCount(call.Body!).ShouldBeLessThanOrEqualTo(28 * 1024);
        var body = JsonNode.Parse(call.Body!)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        body.ShouldContain("podinfo.test");
        body.ShouldContain("Failed checks ");
        body.ShouldContain("name 0");
        body.ShouldNotContain("\uFFFD");
    }

    [Fact]
    public void Teams_AlertWithinTheLimit_IsNotCut()
    {
        var text = new string('x', 4000);

        new TeamsNotifier().Render(new("s", text, AlertSeverity.Warn, []), new(new Uri("https://a.logic.azure.com/"))).Body!.ShouldContain(text);
    }

    private static string Emoji(int count) => string.Concat(Enumerable.Repeat("\U0001F680", count));
}
