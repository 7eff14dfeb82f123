using System.Reflection;
using CanaryFunctions.Functions;
using CanaryFunctions.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>Attributes are what people and <c>function.json</c> read, the registry is what runs: they must say the same.</summary>
public sealed class FunctionTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly MethodInfo[] Methods =
        [.. typeof(AdvanceRollout).Assembly.GetTypes().SelectMany(t => t.GetMethods(Declared)).Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null)];

    private static readonly FunctionRegistry Registry = (FunctionRegistry)new ServiceCollection().AddCanaryFunctions()
        .Single(s => s.ServiceType == typeof(FunctionRegistry)).ImplementationInstance!;

    public static TheoryData<string> Names => [.. Methods.Select(NameOf).Union(Registry.Functions.Select(f => f.Name)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Design_NamesFourFunctions()
        => Registry.Functions.Select(f => f.Name).Order(StringComparer.Ordinal).ShouldBe([nameof(AdvanceRollout), nameof(DeliverNotice), nameof(FanOutNotice), nameof(SweepRollouts)]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_IsNamedAfterItsClass_AndHasOneTrigger(string name)
    {
        var method = Methods.SingleOrDefault(m => NameOf(m) == name).ShouldNotBeNull($"no method has [Function(\"{name}\")]");
        method.DeclaringType!.Name.ShouldBe(name);
        method.DeclaringType.IsSealed.ShouldBeTrue();
        Triggers(method).Count().ShouldBe(1);
        method.GetParameters().ShouldContain(p => p.ParameterType == typeof(CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Registry_SaysTheSameAsTheTriggerAttribute(string name)
    {
        var entry = Registry.Find(name).ShouldNotBeNull($"[Function(\"{name}\")] is not in the registry");
        switch (Triggers(Methods.Single(m => NameOf(m) == name)).Single())
        {
            case StepQueueTriggerAttribute onMessage:
                entry.ShouldBeOfType<QueueFunction>().Queue.ShouldBe(onMessage.Queue);
                break;
            case TimerTriggerAttribute onTime:
                var timer = entry.ShouldBeOfType<TimerFunction>();
                timer.Schedule.ShouldBe(onTime.Schedule);
                timer.RunOnStartup.ShouldBe(onTime.RunOnStartup);
                break;
            case HttpTriggerAttribute onRequest:
                var http = entry.ShouldBeOfType<HttpFunction>();
                http.Methods.ShouldBe(onRequest.Methods);
                http.Route.ShouldBe(onRequest.Route ?? name);
                http.Authorization.ShouldBe(onRequest.Authorization);
                break;
            case var other:
                throw new InvalidOperationException($"{name}: {other.GetType().Name} is a trigger that this test does not know.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void QueueFunction_TakesMessagesOfAQueueThatExists(string name)
    {
        if (Registry.Find(name) is QueueFunction queue)
        {
            Core.Ports.QueueNames.All.ShouldContain(queue.Queue);
        }
        else
        {
            Registry.Find(name).ShouldBeOfType<TimerFunction>();
        }
    }

    [Fact]
    public void EveryQueue_HasAFunction()
        => Registry.Functions.OfType<QueueFunction>().Select(f => f.Queue).Order(StringComparer.Ordinal).ShouldBe(Core.Ports.QueueNames.All.Order(StringComparer.Ordinal));

    private static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static IEnumerable<Attribute> Triggers(MethodInfo method)
        => method.GetParameters().SelectMany(p => p.GetCustomAttributes()).Where(a => a.GetType().Name.EndsWith("TriggerAttribute", StringComparison.Ordinal));
}
