using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class ExpositionParserTests
{
    [Theory]
    [InlineData("up 1", "up", 1, null)]
    [InlineData("up{} 1", "up", 1, null)]
    [InlineData("  a:b { x = \"1\" , y=\"2\", }\t2.5e3 1700000000123  ", "a:b{x=\"1\", y=\"2\"}", 2500, 1700000000123)]
    [InlineData("b{le=\"+Inf\"} +Inf\r", "b{le=\"+Inf\"}", double.PositiveInfinity, null)]
    [InlineData("b -Inf -5", "b", double.NegativeInfinity, -5L)]
    [InlineData("b Nan", "b", double.NaN, null)]
    [InlineData(@"e{x=""a\""b\\c\nd\q""} 0", "e{x=\"a\\\"b\\\\c\\nd\\\\q\"}", 0, null)]
    [InlineData("e{x=\"\",y=\"}\"} 0", "e{y=\"}\"}", 0, null)]
    public void Line_InTheFormat_IsRead(string line, string series, double value, long? timestamp)
    {
        var sample = ExpositionParser.Parse($"# HELP up text {{\n# TYPE up gauge\n\n{line}\n# EOF\n").ShouldHaveSingleItem();
        sample.Labels.ToString().ShouldBe(series);
        sample.Value.ShouldBe(value);
        sample.TimestampMs.ShouldBe(timestamp);
    }

    [Theory]
    [InlineData("up", "expected a value")]
    [InlineData("up one", "expected a value")]
    [InlineData("up 1 2 3", "expected a value")]
    [InlineData("up 1 2.5", "the timestamp is not a whole number")]
    [InlineData("{x=\"1\"} 1", "expected a metric name")]
    [InlineData("1up 1", "expected a metric name")]
    [InlineData("up{x=\"1\" y=\"2\"} 1", "expected ','")]
    [InlineData("up{x=1} 1", "expected '\"'")]
    [InlineData("up{x=\"1} 1", "a label value has no closing quote")]
    [InlineData("up{1x=\"1\"} 1", "expected a label name")]
    public void Line_NotInTheFormat_IsNamed(string line, string problem) =>
        Should.Throw<ExpositionException>(() => ExpositionParser.Parse($"ok 1\n{line}\n")).Message.ShouldStartWith($"Line 2: {problem}");

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(100, "100")]
    [InlineData(1e21, "1000000000000000000000")]
    [InlineData(1.5e-7, "0.00000015")]
    [InlineData(-1234567890123456789, "-1234567890123456800")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    public void Number_IsWrittenAsInGo_WithoutExponent(double value, string expected)
    {
        GoFloat.Format(value).ShouldBe(expected);
        GoFloat.TryParse(expected, out var back).ShouldBeTrue();
        back.ShouldBe(value);
    }
}
