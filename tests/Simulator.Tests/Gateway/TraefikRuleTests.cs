using CanaryFunctions.Simulator.Gateway.Traefik;
using CanaryFunctions.Simulator.Network;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class TraefikRuleTests
{
    [Theory]
    [InlineData("Host(`app.example.com`)", true)]
    [InlineData("Host(\"APP.example.com\")", true)]
    [InlineData("Host(`other.example.com`)", false)]
    [InlineData("Host(`other.example.com`, `app.example.com`)", true)]
    [InlineData("HostHeader(`app.example.com`)", true)]
    [InlineData("Path(`/api/v1`)", true)]
    [InlineData("Path(`/api`)", false)]
    [InlineData("PathPrefix(`/api`)", true)]
    [InlineData("PathPrefix(`/web`, `/ap`)", true)]
    [InlineData("Method(`post`)", true)]
    [InlineData("Method(`GET`)", false)]
    [InlineData("Headers(`x-user`, `insider`)", true)]
    [InlineData("Header(`x-user`, `other`)", false)]
    [InlineData("!Host(`other.example.com`)", true)]
    [InlineData("Host(`app.example.com`) && PathPrefix(`/web`)", false)]
    [InlineData("Host(`other.example.com`) || PathPrefix(`/api`)", true)]
    [InlineData("PathPrefix(`/api`) || Host(`other.example.com`) && Path(`/x`)", true)]
    [InlineData("(PathPrefix(`/api`) || Host(`other.example.com`)) && Path(`/x`)", false)]
    [InlineData("!(Host(`app.example.com`) && Path(`/x`))", true)]
    public void Rule_HoldsOrNot(string rule, bool holds)
    {
        var headers = new HeaderDictionary { ["x-user"] = "insider" };

        RouteRule.Parse(rule).Holds(new RoutedRequest("POST", "app.example.com", "/api/v1", headers)).ShouldBe(holds);
    }

    [Fact]
    public void Hosts_AreThoseThatLeadHere()
        => RouteRule.Parse("(Host(`A.example.com`) || Host(`b.example.com`)) && !Host(`c.example.com`)").Hosts.ShouldBe(["a.example.com", "b.example.com"]);

    [Theory]
    [InlineData("", "the rule '' should have a matcher such as Host(`app.example.com`) at character 1.")]
    [InlineData("Host(`a`", "the rule 'Host(`a`' should have ')' at character 9.")]
    [InlineData("Host(a)", "the rule 'Host(a)' should have a text in ` or \" at character 6, not 'a'.")]
    [InlineData("Host(`a)", "the rule 'Host(`a)' should have a closing quote at character 6, not '`'.")]
    [InlineData("Host(`a`) Path(`/`)", "the rule 'Host(`a`) Path(`/`)' should have '&&', '||' or the end at character 11, not 'P'.")]
    [InlineData("ClientIP(`10.0.0.1`)", "ClientIP with 1 arguments is not known here; use Host, Path, PathPrefix, Method, or Header with a name and a value.")]
    public void Rule_ThatCannotBeRead_SaysWhy(string rule, string message)
        => Should.Throw<FormatException>(() => RouteRule.Parse(rule)).Message.ShouldBe(message);

    [Fact]
    public void Rule_NestedWithoutEnd_IsRefused()
        => Should.Throw<FormatException>(() => RouteRule.Parse(new string('(', 10_000) + "Host(`a`)")).Message.ShouldEndWith("is nested deeper than 50 levels.");
}
