using CanaryFunctions.Core.Conversion;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Conversion;

public sealed class ConversionGoldenTests
{
    public static TheoryData<string> ToV1Alpha3 { get; } = [.. Golden.Cases("conversion", "v1alpha3")];

    public static TheoryData<string> ToV1Beta1 { get; } = [.. Golden.Cases("conversion", "v1beta1")];

    [Theory]
    [MemberData(nameof(ToV1Alpha3))]
    public void Convert_ToV1Alpha3_GivesTheExpectedObject(string name) => Check("v1alpha3", name);

    [Theory]
    [MemberData(nameof(ToV1Beta1))]
    public void Convert_ToV1Beta1_GivesTheExpectedObject(string name) => Check("v1beta1", name);

    private static void Check(string version, string name)
    {
        var golden = Golden.Load("conversion", version, name);
        var converted = ObjectConversion.Convert(golden.Input, $"flagger.app/{version}");

        golden.AssertMatches(converted);
        ObjectConversion.Convert(converted, (string)golden.Input["apiVersion"]!).ToJsonString().ShouldBe(golden.Input.ToJsonString(), "the way back");
    }
}
