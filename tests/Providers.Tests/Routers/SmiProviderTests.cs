using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Routers.Smi;

namespace CanaryFunctions.Providers.Tests.Routers;

public sealed class SmiProviderTests
{
    [Fact]
    public void Spellings_AreAllThatTheContractAllows()
    {
        SmiProvider.Spellings.Select(p => p.Name).ShouldBe(
        [
            "smi", "smi:istio", "smi:linkerd", "smi:osm",
            "smi:v1alpha1", "smi:v1alpha1:istio", "smi:v1alpha1:linkerd", "smi:v1alpha1:osm",
            "smi:v1alpha2", "smi:v1alpha2:istio", "smi:v1alpha2:linkerd", "smi:v1alpha2:osm",
            "smi:v1alpha3", "smi:v1alpha3:istio", "smi:v1alpha3:linkerd", "smi:v1alpha3:osm",
        ]);
        SmiProvider.Meshes.Select(p => p.Name).ShouldBe(["linkerd", "osm"]);
    }

    [Theory]
    [InlineData("linkerd", "Linkerd", "v1alpha1 v1alpha2 v1alpha3", true)]
    [InlineData("smi:linkerd", "Linkerd", "v1alpha1 v1alpha2 v1alpha3", true)]
    [InlineData("smi:v1alpha1:linkerd", "Linkerd", "v1alpha1", false)]
    [InlineData("smi", "Any", "v1alpha1 v1alpha2 v1alpha3", false)]
    [InlineData("smi:v1alpha3", "Any", "v1alpha3", false)]
    [InlineData("smi:istio", "Istio", "v1alpha1", false)]
    [InlineData("smi:v1alpha2:istio", "Istio", "v1alpha2", false)]
    [InlineData("osm", "Osm", "v1alpha2", false)]
    [InlineData("smi:v1alpha3:osm", "Osm", "v1alpha3", false)]
    public void Parse_Spelling_GivesMeshAndVersions(string name, string mesh, string versions, bool hasRoutes)
    {
        var provider = SmiProvider.Parse(name);

        (provider.Name, provider.Mesh.ToString(), string.Join(' ', provider.Versions), provider.HasRoutes).ShouldBe((name, mesh, versions, hasRoutes));
    }

    [Theory]
    [InlineData("istio")]
    [InlineData("smi:")]
    [InlineData("smi:v1alpha4")]
    [InlineData("smi:istio:v1alpha1")]
    [InlineData("smi:v1alpha1:crossover")]
    [InlineData("SMI")]
    [InlineData("v1alpha1:osm")]
    [InlineData("linkerd:smi")]
    public void Parse_AnythingElse_IsAnError(string name) => Should.Throw<ArgumentException>(() => SmiProvider.Parse(name)).Message.ShouldContain($"'{name}'");

    [Fact]
    public void Router_EverySpelling_CanDoWeightsOnly()
    {
        foreach (var provider in SmiProvider.Meshes.Concat(SmiProvider.Spellings))
        {
            var router = provider.Router();
            (router.Name, router.Capabilities).ShouldBe((provider.Name, RouterCapabilities.None));
        }
    }

    [Theory]
    [InlineData("linkerd")]
    [InlineData("smi:v1alpha2:linkerd")]
    public void Rules_LinkerdWithHosts_AreRefused(string name)
    {
        var rule = SmiProvider.Parse(name).Rules().ShouldHaveSingleItem();
        rule.Provider.ShouldBe(name);

        var canary = SmiCase.Load("smi", "istio-bootstrap").Golden.Input["canary"]!.AsObject();
        rule.Check(Canary.From(canary)).Select(p => p.ToString()).ShouldBe(
            [$"spec.service.hosts: 'app.example.com' is not supported by provider '{name}', which splits calls to the service podinfo; leave hosts out."]);

        canary["spec"]!["service"]!.AsObject().Remove("hosts");
        rule.Check(Canary.From(canary)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("smi:istio")]
    [InlineData("smi:v1alpha1")]
    [InlineData("osm")]
    public void Rules_OtherMeshes_HaveNone(string name) => SmiProvider.Parse(name).Rules().ShouldBeEmpty();
}
