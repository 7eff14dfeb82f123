using CanaryFunctions.Core;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Providers.Tests;

public sealed class ProviderRegistrationTests
{
    [Fact]
    public void AddProviders_EveryList_IsSortedAndNamesAreUnique()
    {
        using var services = Services();

        ShouldBeSorted(services.GetServices<ITrafficRouter>());
        ShouldBeSorted(services.GetServices<IBuiltInChecks>());
        ShouldBeSorted(services.GetServices<IMetricProvider>());
        ShouldBeSorted(services.GetServices<INotifier>());
    }

    [Fact]
    public void AddProviders_EveryRouter_HasItsChecks()
    {
        using var services = Services();

        services.GetServices<IBuiltInChecks>().Select(c => c.Name).ShouldBe(services.GetServices<ITrafficRouter>().Select(r => r.Name));
    }

    [Fact]
    public void AddProviders_Catalogs_FindByNameAndNothingElse()
    {
        using var services = Services();

        services.GetRequiredService<Catalog<ITrafficRouter>>().Find("skipper").ShouldNotBeNull();
        services.GetRequiredService<Catalog<IBuiltInChecks>>().Find("skipper").ShouldNotBeNull();
        services.GetRequiredService<Catalog<IMetricProvider>>().Find("prometheus").ShouldNotBeNull();
        services.GetRequiredService<Catalog<INotifier>>().Names.ShouldBe(["msteams", "slack"]);
        services.GetRequiredService<Catalog<ITrafficRouter>>().Find("smi:v1alpha2:istio").ShouldNotBeNull();
        services.GetRequiredService<Catalog<ITrafficRouter>>().Find("Skipper").ShouldBeNull();
        services.GetRequiredService<Catalog<IMetricProvider>>().Find("").ShouldBeNull();
    }

    private static ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IHttpCaller>(FakeHttpCaller.Answers("{}"))
        .AddProviders()
        .BuildServiceProvider(validateScopes: true);

    private static void ShouldBeSorted(IEnumerable<INamed> items)
    {
        var names = items.Select(i => i.Name).ToList();
        names.ShouldNotBeEmpty();
        names.ShouldBe(names.Distinct().Order(StringComparer.Ordinal));
    }
}
