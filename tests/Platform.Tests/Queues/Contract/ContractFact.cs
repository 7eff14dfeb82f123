using CanaryFunctions.TestKit.Programs;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace CanaryFunctions.Platform.Tests.Queues.Contract;

/// <summary>Programs of the machine without which none of a class' contract tests can run: they are skipped then, but never in CI.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(params string[] programs) : Attribute
{
    public IReadOnlyList<string> Programs => programs;
}

/// <summary>A test that classes inherit, each to be run or skipped by its own <see cref="NeedsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("CanaryFunctions.Platform.Tests.Queues.Contract.ContractFactDiscoverer", "CanaryFunctions.Platform.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Makes the tests of <see cref="ContractFactAttribute"/>; found by name.</summary>
public sealed class ContractFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
        => new ContractTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>One of these tests.</summary>
public sealed class ContractTestCase : XunitTestCase
{
    public ContractTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    [Obsolete("For the runner, which fills it afterwards.")]
    public ContractTestCase()
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
        => TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsAttribute)).FirstOrDefault() is { } needs
            ? ProgramPath.WhySkip(needs.GetNamedArgument<IReadOnlyList<string>>(nameof(NeedsAttribute.Programs)))
            : null;
}
