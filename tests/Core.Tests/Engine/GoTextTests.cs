using CanaryFunctions.Core.Engine.Checks;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>Durations, numbers and checksums as Go writes them.</summary>
public sealed class GoTextTests
{
    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("0", 0)]
    [InlineData("-1.5s", -1500)]
    [InlineData("+2s", 2000)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData(".5s", 500)]
    public void Duration_IsRead(string text, double milliseconds)
    {
        GoDuration.TryParse(text, out var duration).ShouldBeTrue();
        duration.TotalMilliseconds.ShouldBe(milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("5")]
    [InlineData("-")]
    [InlineData("5x")]
    [InlineData("1d")]
    [InlineData("1min")]
    [InlineData("10m5x")]
    [InlineData(" 1s")]
    [InlineData("1s ")]
    [InlineData("1..5s")]
    [InlineData(".s")]
    [InlineData("9223372036854775808ns")]
    [InlineData("999999999999999999999999999999999h")]
    [InlineData("99999999999999999999h")]
    public void Duration_ThatGoRefuses_IsRefused(string? text) => GoDuration.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(0.1, "100µs")]
    [InlineData(515, "515ms")]
    [InlineData(1500, "1.5s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(90_061_001, "25h1m1.001s")]
    [InlineData(-1500, "-1.5s")]
    public void Duration_IsWritten(double milliseconds, string text) => GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Theory]
    [InlineData(99, "99")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(999999, "999999")]
    [InlineData(1e6, "1e+06")]
    [InlineData(500, "500")]
    [InlineData(0, "0")]
    [InlineData(1.25e20, "1.25e+20")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(-0.25, "-0.25")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(12345678.9, "1.23456789e+07")]
    public void Number_IsWritten(double value, string text) => GoNumber.Shortest(value).ShouldBe(text);

    [Theory]
    [InlineData(69.166, "69.17")]
    [InlineData(0, "0.00")]
    [InlineData(1e6, "1000000.00")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    public void Number_WithTwoDecimals_IsWritten(double value, string text) => GoNumber.TwoDecimals(value).ShouldBe(text);

    // contracts/hooks-alerts.md 1.4 and contracts/core.md 4.4; "null" stands for configs that are not tracked.
    [Theory]
    [InlineData("null", "", "758df7c9fc")]
    [InlineData("null", "4cb74184589", "7c9d467496")]
    [InlineData("", "4cb74184589", "56966965f5")]
    [InlineData("", "", "68bf6f479b")]
    [InlineData("test-config-map=484637c76acaa7c6", "4cb74184589", "569bdb7cb9")]
    [InlineData("test-config-map=484637c76acaa7c6", "5f56684589", "85d557f47b")]
    [InlineData("secret/b=x;configmap/a=y\"q", "5f56684589", "5b545785c5")]
    [InlineData("a=b;configmap/podinfo-config-env=484637c76acaa7c6", "4cb74184589", "7d4f6cc5d9")]
    public void Checksum_IsTheContracts(string configs, string applied, string checksum)
    {
        var map = configs == "null" ? null : configs.Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(p => p.Split('=')[0], p => p.Split('=')[1]);

        HookChecksum.Of(map, applied).ShouldBe(checksum);
    }
}
