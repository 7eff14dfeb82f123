using System.Globalization;
using CanaryFunctions.Platform.Hosting;

namespace CanaryFunctions.Platform.Tests.Hosting;

public class NcronTabTests
{
    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Theory]
    [InlineData("*/30 * * * * *", "2026-11-21T10:00:00", "2026-11-21T10:00:30")]
    [InlineData("*/30 * * * * *", "2026-11-21T10:00:30.5", "2026-11-21T10:01:00")]
    [InlineData("0 */5 * * * *", "2026-11-21T10:58:00", "2026-11-21T11:00:00")]
    [InlineData("0 30 9 * * 1-5", "2026-11-21T10:00:00", "2026-11-23T09:30:00")]
    [InlineData("0 30 9 * * MON", "2026-11-21T10:00:00", "2026-11-23T09:30:00")]
    [InlineData("0 0 0 1 jan *", "2026-11-21T10:00:00", "2027-01-01T00:00:00")]
    [InlineData("5,10 59 23 31 12 *", "2026-12-31T23:59:07", "2026-12-31T23:59:10")]
    [InlineData("0 0 0 29 2 *", "2026-11-21T10:00:00", "2028-02-29T00:00:00")]
    [InlineData("10-20/5 * * * * *", "2026-11-21T10:00:15", "2026-11-21T10:00:20")]
    [InlineData("50/5 * * * * *", "2026-11-21T10:00:50", "2026-11-21T10:00:55")]
    public void Next_IsTheFirstOccurrenceAfter(string schedule, string after, string expected)
        => NcronTab.Parse(schedule).Next(At(after)).ShouldBe(At(expected));

    [Fact]
    public void Next_DayThatNeverComes_IsNull() => NcronTab.Parse("0 0 0 30 2 *").Next(At("2026-11-21")).ShouldBeNull();

    [Theory]
    [InlineData("* * * * *", "has 5 fields")]
    [InlineData("60 * * * * *", "'60' is no second; use *, or 0 to 59")]
    [InlineData("* * * 0 * *", "'0' is no day")]
    [InlineData("* * * * * 7", "'7' is no weekday")]
    [InlineData("5-1 * * * * *", "'5-1' is no second")]
    [InlineData("*/0 * * * * *", "'*/0' is no second")]
    [InlineData("1/2/3 * * * * *", "'1/2/3' is no second")]
    [InlineData("x * * * * *", "'x' is no second")]
    public void Parse_Wrong_SaysWhichField(string schedule, string problem)
        => Should.Throw<FormatException>(() => NcronTab.Parse(schedule)).Message.ShouldContain(problem);

    [Fact]
    public void Schedule_TimeSpanOrSetting_IsUnderstood()
    {
        var settings = new Dictionary<string, string> { ["SWEEP"] = "*/15 * * * * *" };

        Schedule.Parse("00:00:30", _ => null).DelayAfter(At("2026-11-21")).ShouldBe(TimeSpan.FromSeconds(30));
        Schedule.Parse("%SWEEP%", settings.GetValueOrDefault).DelayAfter(At("2026-11-21")).ShouldBe(TimeSpan.FromSeconds(15));
        Should.Throw<FormatException>(() => Schedule.Parse("%OTHER%", settings.GetValueOrDefault)).Message.ShouldContain("no setting OTHER");
        Should.Throw<FormatException>(() => Schedule.Parse("-00:00:30", _ => null)).Message.ShouldContain("positive TimeSpan");
    }
}
