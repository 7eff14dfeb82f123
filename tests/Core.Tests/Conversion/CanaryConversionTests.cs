using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Core.Tests.Conversion;

public sealed class CanaryConversionTests
{
    private const string Beta = """{"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"a"},"spec":""";

    [Fact]
    public void Edit_OfAConvertedObject_IsKept_AndTheRestStaysSpelledAsItWas()
    {
        var alpha = CanaryConversion.ToV1Alpha3(Parse(Beta + """{"analysis":{"metrics":[{"name":"request-duration","threshold":500},{"name":"m","query":"q","thresholdRange":{"max":1}}]}}}"""));
        alpha["spec"]!["canaryAnalysis"]!["metrics"]![0]!["threshold"] = 700;
        alpha["spec"]!["canaryAnalysis"]!["metrics"]![1]!["threshold"] = 2;

        CanaryConversion.ToV1Beta1(alpha)["spec"]!.ToJsonString().ShouldBe(
            """{"analysis":{"metrics":[{"name":"request-duration","threshold":700},{"name":"m","query":"q","thresholdRange":{"max":2}}]}}""");
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{"metrics":[0],"metrics":[0]}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""["metrics"]""")]
    [InlineData("""{"metrics":["0",null,1e300,-1,{}],"analysis":"yes"}""")]
    public void Annotation_ThatSomebodySpoiled_CostsTheSpellingOnly(string annotation)
    {
        var beta = Parse(Beta + """{"analysis":{"metrics":[{"name":"m","thresholdRange":{"max":1}}]}}}""");
        beta.Metadata().Section("annotations")["flagger.app/v1alpha3-fields"] = annotation;

        var alpha = CanaryConversion.ToV1Alpha3(beta);

        alpha["spec"]!.ToJsonString().ShouldBe("""{"canaryAnalysis":{"metrics":[{"name":"m","threshold":1}]}}""");
        alpha.ObjectAt("metadata", "annotations").ShouldBeNull();
    }

    [Fact]
    public void NullAnalysis_CountsAsNone()
        => CanaryConversion.ToV1Beta1(Parse("""{"apiVersion":"flagger.app/v1alpha3","kind":"Canary","metadata":{},"spec":{"analysis":null,"canaryAnalysis":{"interval":"1m"}}}"""))["spec"]!
            .ToJsonString().ShouldBe("""{"analysis":{"interval":"1m"}}""");

    [Fact]
    public void Mend_StoredBeforeAConversionWasRegistered_IsWhatItWasMeantToBe()
    {
        var stored = Parse(Beta + """{"canaryAnalysis":{"interval":"30s","metrics":[{"name":"request-success-rate","threshold":99}]}}}""");

        CanaryConversion.Mend(stored)["spec"]!.ToJsonString()
            .ShouldBe("""{"analysis":{"interval":"30s","metrics":[{"name":"request-success-rate","thresholdRange":{"min":99}}]}}""");
        var canary = Canary.From(stored);
        canary.Spec.Analysis.Interval.ShouldBe(TimeSpan.FromSeconds(30));
        canary.Spec.SkipAnalysis.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"analysis":{}}}""")]
    [InlineData("""{"analysis":{},"canaryAnalysis":{}}}""")]
    [InlineData("""{}}""")]
    public void Mend_AnythingElse_IsTheSameObject(string spec)
    {
        var stored = Parse(Beta + spec);

        CanaryConversion.Mend(stored).ShouldBeSameAs(stored);
    }

    [Theory]
    [InlineData("MetricTemplate")]
    [InlineData("AlertProvider")]
    public void Convert_OtherKinds_ChangesTheVersionOnly(string kind)
    {
        var template = Parse($$$"""{"apiVersion":"flagger.app/v1alpha3","kind":"{{{kind}}}","metadata":{"name":"a"},"spec":{"threshold":1,"canaryAnalysis":{} } }""");

        ObjectConversion.Convert(template, ApiVersions.V1Beta1).ToJsonString().ShouldBe(template.ToJsonString().Replace("v1alpha3", "v1beta1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("flagger.app/v1", "Canary", "flagger.app/v1beta1", "Canary a.test: version 'flagger.app/v1' is not one of flagger.app/v1alpha3, flagger.app/v1beta1.")]
    [InlineData("flagger.app/v1beta1", "Canary", "flagger.app/v2", "Canary a.test: version 'flagger.app/v2' is not one of flagger.app/v1alpha3, flagger.app/v1beta1.")]
    [InlineData("flagger.app/v1beta1", "Pod", "flagger.app/v1alpha3", "Pod a.test: kind 'Pod' cannot be converted; these can: AlertProvider, Canary, MetricTemplate.")]
    public void Convert_OfWhatIsNotOurs_SaysWhy(string from, string kind, string to, string problem)
        => Should.Throw<ConversionException>(() => ObjectConversion.Convert(Parse($$$"""{"apiVersion":"{{{from}}}","kind":"{{{kind}}}","metadata":{"name":"a","namespace":"test"} }"""), to))
            .Message.ShouldBe(problem);

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
