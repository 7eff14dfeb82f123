using CanaryFunctions.LoadTester.Hey;
using CanaryFunctions.LoadTester.Tests.Support;

namespace CanaryFunctions.LoadTester.Tests.Hey;

public sealed class HeyGeneratorTests
{
    [Theory]
    [InlineData("hey -z 1m http://x", true)]
    [InlineData("\n  hey\n", true)]
    [InlineData("heyday", false)]
    [InlineData("echo hey", false)]
    public void IsHey_FirstWord_Decides(string command, bool expected) => HeyGenerator.IsHey(command).ShouldBe(expected);

    [Fact]
    public void Read_YamlBlock_IsOneCommandALine()
    {
        var commands = HeyGenerator.Read("hey -n 1 \\\n  -c 1 http://a\n\nhey http://b\n", out _);
        commands.ShouldNotBeNull().Select(c => string.Join(' ', c)).ShouldBe(["-n 1 -c 1 http://a", "http://b"]);
    }

    [Theory]
    [InlineData("hey http://a && echo", "'&' at character 14")]
    [InlineData("hey http://a | tee x", "'|' at character 14")]
    [InlineData("hey $URL", "'$' at character 5")]
    [InlineData("hey http://a\necho x", "no other programs: 'echo'")]
    [InlineData("hey 'http://a", "does not end")]
    public void Read_MoreThanHey_SaysWhatIsInTheWay(string command, string problem)
    {
        HeyGenerator.Read(command, out var actual).ShouldBeNull();
        actual.ShouldContain(problem);
    }

    [Fact]
    public async Task Run_TwoCommands_RunsBothAndTheLastExitCodeCounts()
    {
        await using var backend = await Backend.StartAsync();
        var outcome = await RunAsync($"hey -nonsense\nhey -n 2 -c 1 {backend.Url}/");
        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldStartWith("hey: -nonsense: is not a known flag; use one of:");
        outcome.Output.ShouldContain("[200]\t2 responses");
    }

    [Fact]
    public async Task Run_NothingAnswers_ExitsZeroAsHeyDoesButWarns()
    {
        var outcome = await RunAsync("hey -n 1 -c 1 http://127.0.0.1:1/");
        outcome.ExitCode.ShouldBe(0);
        outcome.Warning.ShouldNotBeNull().ShouldStartWith("none of 1 requests was answered: GET \"http://127.0.0.1:1/\"");
    }

    private static Task<LoadTester.Tasks.TaskOutcome> RunAsync(string command)
        => new HeyGenerator(new HeyRunner(TimeProvider.System, 1, null, _ => { })).RunAsync(HeyGenerator.Read(command, out _)!, CancellationToken.None);
}
