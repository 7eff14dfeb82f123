using System.Text.Json.Nodes;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers.Notifiers.Slack;
using CanaryFunctions.Providers.Notifiers.Teams;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Providers.Tests.Notifiers;

public sealed class NotifierGoldenTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var notifier in (string[])["msteams", "slack"])
            {
                foreach (var name in Golden.Cases("notifiers", notifier))
                {
                    cases.Add(notifier, name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Render_GivesTheExpectedRequest(string notifier, string name)
    {
        var golden = Golden.Load("notifiers", notifier, name, GoldenFormat.Json);
        INotifier sut = notifier == "slack" ? new SlackNotifier() : new TeamsNotifier();

        var call = sut.Render(AlertOf(golden.Input), AddressOf(golden.Input["address"]!));

        golden.AssertMatches(Describe(call));
    }

    private static Alert AlertOf(JsonObject input) => new(
        input.Text("alert", "subject")!,
        input.Text("alert", "text")!,
        Enum.Parse<AlertSeverity>(input.Text("alert", "severity")!, ignoreCase: true),
        [.. input.ListAt("alert", "fields").Select(f => new AlertField(f.Text("name")!, f.Text("value")!))]);

    private static AlertAddress AddressOf(JsonNode address)
    {
        var url = new AlertAddress(new Uri(address.Text("url")!))
        {
            Token = address.Text("token"),
            Proxy = address.Text("proxy") is { } proxy ? new Uri(proxy) : null,
        };
        return url with { Channel = address.Text("channel") ?? url.Channel, Username = address.Text("username") ?? url.Username };
    }

    private static JsonObject Describe(HttpCall call) => new()
    {
        ["method"] = call.Method,
        ["url"] = call.Url.AbsoluteUri,
        ["name"] = call.DisplayName,
        ["contentType"] = call.ContentType,
        ["headers"] = new JsonArray([.. call.Headers.Select(h => (JsonNode)$"{h.Key}: {h.Value}")]),
        ["proxy"] = call.Proxy?.AbsoluteUri,
        ["timeoutSeconds"] = call.Timeout.TotalSeconds,
        ["retries"] = call.Retries,
        ["body"] = JsonNode.Parse(call.Body!),
    };
}
