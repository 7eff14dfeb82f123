using System.Reflection;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Notifying;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Core.Routing;
using CanaryFunctions.Providers;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>What decides gets facts and gives plans: no client, no clock, no logger.</summary>
public sealed class PurityTests
{
    private static readonly Type[] Impure = [typeof(IClusterClient), typeof(IHttpCaller), typeof(IStepQueue), typeof(TimeProvider), typeof(ILogger), typeof(ILoggerFactory), typeof(HttpClient), typeof(IServiceProvider)];

    [Theory]
    [InlineData(typeof(ITrafficRouter))]
    [InlineData(typeof(INotifier))]
    [InlineData(typeof(IBuiltInChecks))]
    [InlineData(typeof(ISpecRule))]
    public void Providers_OfAPurePort_AreGivenNothingImpure(Type port)
    {
        var implementations = typeof(ProviderRegistration).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && port.IsAssignableFrom(t)).ToList();
        implementations.ShouldNotBeEmpty();
        implementations.SelectMany(ImpurePartsOf).ShouldBeEmpty();
        implementations.ShouldAllBe(t => t.IsSealed && !t.IsPublic);
    }

    [Theory]
    [InlineData("CanaryFunctions.Core.Engine.Planning")]
    [InlineData("CanaryFunctions.Core.Engine.Workloads")]
    [InlineData("CanaryFunctions.Core.Admission.Rules")]
    [InlineData("CanaryFunctions.Core.Canaries")]
    [InlineData("CanaryFunctions.Core.Objects")]
    [InlineData("CanaryFunctions.Core.Routing")]
    public void WhatPlansInTheCore_IsGivenNothingImpure(string ns)
    {
        var types = typeof(RolloutEngine).Assembly.GetTypes().Where(t => t.Namespace == ns).ToList();
        types.ShouldNotBeEmpty();
        types.SelectMany(ImpurePartsOf).ShouldBeEmpty();
    }

    [Fact]
    public void ThisCheck_FindsWhatIsImpure()
        => ImpurePartsOf(typeof(RolloutEngine)).ShouldNotBeEmpty();

    private static IEnumerable<string> ImpurePartsOf(Type type)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var given = type.GetConstructors(Any).SelectMany(c => c.GetParameters()).Select(p => p.ParameterType)
            .Concat(type.GetMethods(Any).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType))
            .Concat(type.GetFields(Any).Select(f => f.FieldType));
        return given.Where(t => Impure.Any(i => i.IsAssignableFrom(t))).Select(t => $"{type.Name} has {t.Name}").Distinct();
    }
}
