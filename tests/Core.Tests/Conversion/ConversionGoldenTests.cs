using CanaryFunctions.Core.Conversion;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Conversion;

public sealed class ConversionGoldenTests
{
    public static TheoryData<string, string> Cases { get; } = [.. from version in (string[])["v1alpha3", "v1beta1"]
                                                                  from name in Golden.Cases("conversion", version)
                                                                  select (version, name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Convert_GivesTheExpectedObject(string version, string name)
    {
        var golden = Golden.Load("conversion", version, name);

        golden.AssertMatches(ObjectConversion.Convert(golden.Input, $"flagger.app/{version}"));
    }
}
