using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Simulator.Gateway;
using CanaryFunctions.Simulator.Gateway.Skipper;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Tests.Workloads;
using CanaryFunctions.Simulator.Yaml;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Tests.Gateway;

public sealed class SkipperIngressTests
{
    private readonly List<string> _warnings = [];
    private readonly List<string> _ids = [];

    [Fact]
    public void Routes_OfTheCanaryIngress_HaveSkippersIds()
    {
        Routes(Manifests.CanaryIngress(10));

        _ids.ShouldBe(["kube_test__podinfo_canary__app_example_com_____podinfo_primary", "kube_test__podinfo_canary__app_example_com_____podinfo_canary"]);
    }

    [Fact]
    public void RouteIds_MatchedByTheBuiltInCheck_AreTheCanaryBackendsOnly()
    {
        Routes(Manifests.ApexIngress);
        Routes(Manifests.CanaryIngress(10));

        // The regular expression of contracts/routing-metrics.md 2.3; PromQL anchors it.
        _ids.Where(id => Regex.IsMatch(id, "^(?:kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?)$")).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Weight(100)", 100, true)]
    [InlineData("", 0, true)]
    [InlineData("False()", 1, false)]
    [InlineData("Weight(100) && False()", 101, false)]
    [InlineData("Method(\"GET\")", 1, true)]
    [InlineData("Method(\"POST\")", 1, false)]
    [InlineData("Methods(\"POST\", \"GET\")", 1, true)]
    [InlineData("Path(\"/\")", 1, true)]
    [InlineData("PathSubtree(\"/api\")", 1, false)]
    [InlineData("PathRegexp(/^\\/$/)", 1, true)]
    [InlineData("Header(\"x-user\", \"insider\")", 1, true)]
    [InlineData("Header(\"x-user\", \"other\")", 1, false)]
    [InlineData("HeaderRegexp(\"x-user\", /^in/)", 1, true)]
    [InlineData("Host(/^app[.]example[.]com$/)", 1, true)]
    public void Conditions_OfAPredicate_HoldOrNot_AndAddToThePriority(string predicate, int priority, bool holds)
    {
        var conditions = RouteConditions.Of(predicate);

        conditions.Priority.ShouldBe(priority);
        conditions.Hold(Request("GET", "app.example.com", "/")).ShouldBe(holds);
        conditions.Unknown.ShouldBeEmpty();
    }

    [Fact]
    public void Routes_WithAnUnknownPredicate_MatchNothing_AndWarn()
    {
        var route = Routes(Manifests.CanaryIngress(10, "Weight(100) && Tee(\"https://x\")")).Single();

        route.Matches(Request("GET", "app.example.com", "/")).ShouldBeFalse();
        _warnings.ShouldHaveSingleItem().ShouldContain("Tee");
    }

    [Theory]
    [InlineData("Weight(100", "')'")]
    [InlineData("Weight(100) Weight(1)", "'&&'")]
    [InlineData("&& Weight(1)", "name")]
    [InlineData("Header(\"a)", "closing")]
    public void Routes_WithAnUnreadablePredicate_AreNone_AndTheWarningSaysWhere(string predicate, string expected)
    {
        Routes(Manifests.CanaryIngress(10, $"'{predicate}'")).ShouldBeEmpty();

        _warnings.ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void Routes_WithUnreadableWeights_ShareEqually_AndWarn()
    {
        var ingress = Parse(Manifests.CanaryIngress(10));
        ingress.Metadata().Section("annotations")["zalando.org/backend-weights"] = "{\"podinfo-canary\": \"ten\"}";
        var route = SkipperIngress.Routes(ingress, Meter, _warnings).Single();

        Enumerable.Range(0, 10).Count(_ => route.Backends.Next().Backend.Service.Name == "podinfo-canary").ShouldBe(5);
        _warnings.ShouldHaveSingleItem().ShouldContain("podinfo-canary");
    }

    [Theory]
    [InlineData("Prefix", "/api", "/api", true)]
    [InlineData("Prefix", "/api", "/api/info", true)]
    [InlineData("Prefix", "/api", "/apiinfo", false)]
    [InlineData("Prefix", "/api/", "/api", true)]
    [InlineData("Exact", "/api", "/api", true)]
    [InlineData("Exact", "/api", "/api/info", false)]
    [InlineData("ImplementationSpecific", "/", "/anything", true)]
    public void Path_OfEachType_MatchesWholeElements(string type, string path, string requested, bool expected)
        => RoutePath.Of(path, type).Matches(requested).ShouldBe(expected);

    [Theory]
    [InlineData("app.example.com", "app.example.com", true)]
    [InlineData("app.example.com", "www.example.com", false)]
    [InlineData("*.example.com", "app.example.com", true)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("", "anything", true)]
    public void Host_OfARule_MatchesRequests(string rule, string host, bool expected)
    {
        var route = new SkipperRoute(rule, new("/", false), RouteConditions.Of(null), new([(null!, 1)]));

        route.MatchesHost(host).ShouldBe(expected);
    }

    [Fact]
    public void IsOurs_ReadsAnnotationAndClassName()
    {
        var ingress = Parse(Manifests.ApexIngress);
        SkipperIngress.IsOurs(ingress).ShouldBeTrue();
        ingress.Metadata().Remove("annotations");
        SkipperIngress.IsOurs(ingress).ShouldBeFalse();
        ingress.Section("spec")["ingressClassName"] = "skipper";
        SkipperIngress.IsOurs(ingress).ShouldBeTrue();
    }

    private static JsonObject Parse(string yaml) => YamlJson.ParseAll(yaml).Single().AsObject();

    private static RoutedRequest Request(string method, string host, string path) => new(method, host, path, new HeaderDictionary { ["x-user"] = "insider" });

    private IReadOnlyList<SkipperRoute> Routes(string yaml) => SkipperIngress.Routes(Parse(yaml), Meter, _warnings);

    private NoMeter Meter(string id)
    {
        _ids.Add(id);
        return new NoMeter();
    }

    private sealed class NoMeter : IRouteMeter
    {
        public void Record(in Served served)
        {
        }
    }
}
