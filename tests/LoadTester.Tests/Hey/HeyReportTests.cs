using CanaryFunctions.LoadTester.Hey;

namespace CanaryFunctions.LoadTester.Tests.Hey;

public sealed class HeyReportTests
{
    [Fact]
    public void ToText_TenAnswers_IsTheWholeSummary()
    {
        var stats = new HeyStats();
        for (var i = 1; i <= 10; i++)
        {
            stats.Answered(i == 10 ? 500 : 200, TimeSpan.FromSeconds(i / 10.0 - 0.05), TimeSpan.FromSeconds(0.05), bytes: 20);
        }

        stats.Failed("GET \"http://x/\": Connection refused", 2);
        new HeyReport(stats, TimeSpan.FromSeconds(4)).ToText().ShouldBe(
            """

            Summary:
              Total:	4.0000 secs
              Slowest:	1.0000 secs
              Fastest:	0.1000 secs
              Average:	0.5500 secs
              Requests/sec:	3.0000

              Total data:	200 bytes
              Size/request:	20 bytes

            Response time histogram:
              0.100 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.190 [0]	|
              0.280 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.370 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.460 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.550 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.640 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.730 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.820 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              0.910 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■
              1.000 [1]	|■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■

            Latency distribution:
              10% in 0.1000 secs
              25% in 0.3000 secs
              50% in 0.5000 secs
              75% in 0.8000 secs
              90% in 0.9000 secs
              95% in 1.0000 secs
              99% in 1.0000 secs

            Details (average, fastest, slowest):
              resp wait:	0.5000 secs, 0.0500 secs, 0.9500 secs
              resp read:	0.0500 secs, 0.0500 secs, 0.0500 secs

            Status code distribution:
              [200]	9 responses
              [500]	1 responses

            Error distribution:
              [2]	GET "http://x/": Connection refused

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void ToText_NothingAnswered_ShowsTheErrorsOnly()
    {
        var stats = new HeyStats();
        stats.Failed("refused");
        var text = new HeyReport(stats, TimeSpan.FromSeconds(1)).ToText();
        text.ShouldContain("Requests/sec:\t1.0000");
        text.ShouldContain("[1]\trefused");
        text.ShouldNotContain("histogram");
    }

    [Fact]
    public void Add_TwoWorkers_SumsThem()
    {
        var one = new HeyStats();
        var two = new HeyStats();
        one.Answered(200, TimeSpan.FromSeconds(1), TimeSpan.Zero, 1);
        two.Answered(200, TimeSpan.FromSeconds(3), TimeSpan.Zero, 2);
        two.Failed("x");
        one.Add(two);
        (one.Answers, one.Failures, one.Bytes, one.Statuses[200]).ShouldBe((2, 1, 3, 2));
        (one.Wait.Average, one.Wait.Fastest, one.Wait.Slowest).ShouldBe((2, 1, 3));
    }

    [Fact]
    public void Failed_ManyDifferentErrors_StayBounded()
    {
        var stats = new HeyStats();
        for (var i = 0; i < 1000; i++)
        {
            stats.Failed($"error {i}");
        }

        stats.Errors.Count.ShouldBe(51);
        stats.Errors.Values.Sum().ShouldBe(1000);
    }
}
