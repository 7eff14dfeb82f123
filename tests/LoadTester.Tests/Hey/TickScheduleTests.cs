using CanaryFunctions.LoadTester.Hey;

namespace CanaryFunctions.LoadTester.Tests.Hey;

public sealed class TickScheduleTests
{
    [Theory]
    [InlineData(10, 100_000)]
    [InlineData(400, 2_500)]
    [InlineData(3, 333_333)]
    [InlineData(5_000_000, 1)]
    [InlineData(0, 0)]
    public void TickFor_Rate_IsWholeMicroseconds(double rate, double microseconds)
        => TickSchedule.TickFor(rate).ShouldBe(TimeSpan.FromMicroseconds(microseconds));

    [Fact]
    public void Next_AtTheStart_IsOneTickLater() => new TickSchedule(Ms(100)).Next.ShouldBe(Ms(100));

    [Theory]
    [InlineData(100, 200)] // on time
    [InlineData(99.5, 200)] // a little early: timers count whole milliseconds
    [InlineData(150, 200)] // late within the tick
    [InlineData(200, 300)] // exactly a tick late: that tick is used up
    [InlineData(470, 500)] // three ticks missed: dropped
    public void Take_DropsMissedTicksAndStaysAligned(double nowMs, double nextMs)
    {
        var schedule = new TickSchedule(Ms(100));
        schedule.Take(Ms(nowMs));
        schedule.Next.ShouldBe(Ms(nextMs));
    }

    [Theory]
    [InlineData(150, 200)] // nothing missed
    [InlineData(470, 200)] // three missed: all of them are made up for
    [InlineData(890, 500)] // seven missed: the last four are
    public void Take_SeveralTicksKept_MakesUpForThose(double nowMs, double nextMs)
    {
        var schedule = new TickSchedule(Ms(100), kept: 5);
        schedule.Take(Ms(nowMs));
        schedule.Next.ShouldBe(Ms(nextMs));
    }

    [Fact]
    public void Take_Unpaced_IsAlwaysDue()
    {
        var schedule = new TickSchedule(TimeSpan.Zero);
        schedule.Take(Ms(5));
        schedule.Next.ShouldBe(TimeSpan.Zero);
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);
}
