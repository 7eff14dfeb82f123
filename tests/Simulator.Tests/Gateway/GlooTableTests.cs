using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Gateway.Gloo;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Workloads;
using CanaryFunctions.Simulator.Yaml;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class GlooTableTests
{
    private const string Delegation = "- {matchers: [{prefix: /}], delegateAction: {ref: {name: podinfo, namespace: test}}}";

    private readonly Dictionary<ObjectKey, JsonObject> _tables = [];
    private readonly List<string> _warnings = [];
    private readonly GlooTable _table;

    public GlooTableTests() => _table = new(key => _tables.GetValueOrDefault(key));

    [Fact]
    public void DelegatedRoute_SharesByWeight_AndAMissingWeightIsZero()
    {
        AddTable("podinfo", Split("weight: 70", "weight: 30"));
        Upstreams(Delegation, 10).Count(u => u == "canary.test").ShouldBe(3);

        AddTable("podinfo", Split("weight: 100", "options: {}"));
        Upstreams(Delegation, 10).ShouldAllBe(u => u == "primary.test");
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void UnchangedRoute_ReadAgain_KeepsItsPlaceInTheTurns()
    {
        AddTable("podinfo", Split("weight: 90", "weight: 10"));

        // One request a reading: a place that is lost would give them all to the primary.
        Enumerable.Range(0, 10).SelectMany(_ => Upstreams(Delegation, 1)).Count(u => u == "canary.test").ShouldBe(1);
    }

    [Theory]
    [InlineData("matchers: [{prefix: /api}]", "/api/v1", true)]
    [InlineData("matchers: [{prefix: /api}]", "/apis", true)]
    [InlineData("matchers: [{prefix: /api}]", "/", false)]
    [InlineData("matchers: [{exact: /api}]", "/api", true)]
    [InlineData("matchers: [{exact: /api}]", "/api/v1", false)]
    [InlineData("matchers: [{regex: '/a.*'}]", "/api", true)]
    [InlineData("matchers: [{regex: '/a'}]", "/api", false)]
    [InlineData("matchers: [{exact: /a}, {exact: /b}]", "/b", true)]
    [InlineData("matchers: [{methods: [POST, GET]}]", "/", true)]
    [InlineData("matchers: [{methods: [POST]}]", "/", false)]
    [InlineData("matchers: [{headers: [{name: x-user, value: insider}]}]", "/", true)]
    [InlineData("matchers: [{headers: [{name: x-user, value: inside}]}]", "/", false)]
    [InlineData("matchers: [{headers: [{name: x-user, value: 'in.*', regex: true}]}]", "/", true)]
    [InlineData("matchers: [{headers: [{name: x-user}]}]", "/", true)]
    [InlineData("matchers: [{headers: [{name: x-other}]}]", "/", false)]
    [InlineData("matchers: [{headers: [{name: x-user, value: insider, invertMatch: true}]}]", "/", false)]
    [InlineData("inheritablePathMatchers: true", "/anything", true)]
    public void Matchers_OfADelegatedRoute_HoldOrNot(string fields, string path, bool holds)
    {
        AddTable("podinfo", $"- {{{fields}, routeAction: {{single: {{upstream: {{name: primary, namespace: test}}}}}}}}");

        Upstreams(Delegation, 1, path).Count.ShouldBe(holds ? 1 : 0);
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Matchers_OfTheVirtualService_HoldForItsTableToo()
    {
        AddTable("podinfo", "- {inheritablePathMatchers: true, routeAction: {single: {upstream: {name: primary}}}}");
        const string Below = "- {matchers: [{prefix: /app}], delegateAction: {ref: {name: podinfo}}}";

        Upstreams(Below, 1, "/app/x").ShouldBe(["primary.test"]);
        Upstreams(Below, 1, "/other").ShouldBeEmpty();
    }

    [Fact]
    public void Routes_InOrder_TheFirstThatMatchesCounts()
        => Upstreams("""
            - {matchers: [{prefix: /static}], routeAction: {single: {upstream: {name: static}}}}
            - {routeAction: {single: {upstream: {name: rest, namespace: other}}}}
            """, 1, "/static/logo").ShouldBe(["static.test"]);

    [Fact]
    public void TableThatIsNotThereYet_LeadsNowhere_AndIsNoProblem()
    {
        Upstreams(Delegation, 1).ShouldBeEmpty();
        _warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("- {matchers: [{queryParameters: [{name: a}]}], routeAction: {single: {upstream: {name: primary}}}}", "matchers.queryParameters is not known here")]
    [InlineData("- {matchers: [{regex: '('}], routeAction: {single: {upstream: {name: primary}}}}", "'(' is not a regular expression")]
    [InlineData("- {redirectAction: {hostRedirect: example.com}}", "a route without routeAction to upstreams is not known here")]
    [InlineData("- {delegateAction: {selector: {}}}", "delegateAction without ref is not known here")]
    [InlineData("- {delegateAction: {ref: {name: loop}}}", "RouteTable loop.test delegates to itself")]
    public void RouteThatIsNotUnderstood_MatchesNothing_AndWarns(string routes, string warning)
    {
        AddTable("loop", "- {delegateAction: {ref: {name: loop}}}");

        Upstreams(routes, 1).ShouldBeEmpty();

        _warnings.ShouldHaveSingleItem().ShouldContain(warning);
    }

    [Theory]
    [InlineData("app.example.com", "app.example.com", true)]
    [InlineData("App.Example.com:8080", "app.example.com", true)]
    [InlineData("'*'", "app.example.com", true)]
    [InlineData("'*.example.com'", "app.example.com", true)]
    [InlineData("'*.example.com'", "example.com", false)]
    [InlineData("other.example.com", "app.example.com", false)]
    public void Domain_MatchesTheHostOrNot(string domain, string host, bool matches)
        => _table.HostsOf(Service(domain, Delegation), _warnings).Single().Matches(host).ShouldBe(matches);

    [Fact]
    public void Domains_TheMostSpecificIsAskedFirst()
        => ((string[])["'*'", "'*.com'", "'*.example.com'", "app.example.com"]).Select(d => _table.HostsOf(Service(d, Delegation), _warnings).Single())
            .OrderByDescending(h => h.Specificity).Select(h => h.Domain).ShouldBe(["app.example.com", "*.example.com", "*.com", "*"]);

    private static string Split(string primary, string canary) => $$$"""
        - inheritablePathMatchers: true
          routeAction:
            multi:
              destinations:
              - {destination: {upstream: {name: primary, namespace: test}}, {{{primary}}} }
              - {destination: {upstream: {name: canary, namespace: test}}, {{{canary}}} }
        """;

    private void AddTable(string name, string routes)
        => _tables[new("test", name)] = (JsonObject)YamlJson.ParseAll($"metadata: {{name: {name}, namespace: test}}\nspec:\n  routes:\n{Indented(routes, 2)}").Single()!;

    private static JsonObject Service(string domain, string routes)
        => (JsonObject)YamlJson.ParseAll($"metadata: {{name: podinfo, namespace: test}}\nspec:\n  virtualHost:\n    domains: [{domain}]\n    routes:\n{Indented(routes, 4)}").Single()!;

    private static string Indented(string text, int spaces) => string.Join('\n', text.Split('\n').Select(l => new string(' ', spaces) + l));

    /// <summary>The upstreams that so many requests get; none without a route.</summary>
    private List<string> Upstreams(string routes, int requests, string path = "/")
    {
        var request = new RoutedRequest("GET", "app.example.com", path, new HeaderDictionary { ["x-user"] = "insider" });
        var found = _table.HostsOf(Service("app.example.com", routes), _warnings).Single().Routes.FirstOrDefault(r => r.Matches(request));
        return found is null ? [] : [.. Enumerable.Range(0, requests).Select(_ => found.Upstreams.Next().ToString())];
    }
}
