using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Admission;

public sealed class CanaryDefaultsTests
{
    [Fact]
    public void Apply_Absent_IsFilledIn()
    {
        var canary = Manifests.Canary().With("spec.progressDeadlineSeconds", null).With("spec.analysis.sessionAffinity", """{"cookieName":"c"}""");

        CanaryDefaults.Apply(canary);

        canary.Integer("spec", "progressDeadlineSeconds").ShouldBe(600);
        canary.Text("spec", "service", "portName").ShouldBe("http");
        canary.Integer("spec", "analysis", "sessionAffinity", "maxAge").ShouldBe(86400);
    }

    [Fact]
    public void Apply_Written_Stays()
    {
        var canary = Manifests.Canary().With("spec.progressDeadlineSeconds", "60").With("spec.service.portName", "\"web\"");

        CanaryDefaults.Apply(canary);

        canary.Integer("spec", "progressDeadlineSeconds").ShouldBe(60);
        canary.Text("spec", "service", "portName").ShouldBe("web");
        canary.At("spec", "analysis", "sessionAffinity").ShouldBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"spec":[]}""")]
    [InlineData("""{"spec":{"service":1,"analysis":{"sessionAffinity":[]}}}""")]
    [InlineData("""{"spec":{"service":{}}}""")]
    public void Apply_Twice_ChangesNothingMore(string json)
    {
        var once = Manifests.Parse(json);
        CanaryDefaults.Apply(once);
        var twice = once.Copy();
        CanaryDefaults.Apply(twice);

        twice.ToJsonString().ShouldBe(once.ToJsonString());
    }
}
