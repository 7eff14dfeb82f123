using CanaryFunctions.LoadTester.Flags;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.LoadTester.Tests.Flags;

public sealed class ProgramFlagsTests
{
    [Fact]
    public void Parse_NoFlags_HasTheDefaultsThatManifestsExpect()
    {
        var options = ProgramFlags.Parse([]);
        options.Port.ShouldBe(8080);
        options.TaskTimeout.ShouldBe(TimeSpan.FromHours(1));
        options.NamespaceRegexp.ShouldBe("");
        options.LogLevel.ShouldBe(LogLevel.Debug);
    }

    [Theory]
    [InlineData("warning", LogLevel.Warning)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("info", LogLevel.Information)]
    [InlineData("error", LogLevel.Error)]
    [InlineData("fatal", LogLevel.Critical)]
    public void Parse_LogLevel_KnowsEveryName(string name, LogLevel level)
        => ProgramFlags.Parse(["-log-level", name]).LogLevel.ShouldBe(level);

    [Fact]
    public void Parse_FlagsOfExistingManifests_AreTaken()
    {
        var options = ProgramFlags.Parse(["-port=9090", "-log-level=info", "-timeout=30m", "-namespace-regexp=^test$", "-zap-encoding=json", "-zap-replace-globals"]);
        options.Port.ShouldBe(9090);
        options.TaskTimeout.ShouldBe(TimeSpan.FromMinutes(30));
        options.NamespaceRegexp.ShouldBe("^test$");
    }

    [Theory]
    [InlineData("-log-level=loud", "-log-level: 'loud' is not known; use one of: debug, info, warning (or warn), error, fatal, panic.")]
    [InlineData("serve", "'serve' is not a flag; the load tester takes flags only.")]
    public void Parse_BadFlag_SaysWhatIsAllowed(string word, string message)
        => Should.Throw<GoFlagException>(() => ProgramFlags.Parse([word])).Message.ShouldBe(message);

    [Fact]
    public void Validate_SeveralBadOptions_ListsThemAll()
    {
        var options = new LoadTesterOptions { Port = 70000, Speed = 0, TaskTimeout = TimeSpan.Zero, NamespaceRegexp = "(", HttpProxy = new("https://proxy") };
        var message = Should.Throw<ArgumentException>(options.Validate).Message;
        message.ShouldContain("Port: '70000' must be between 0 and 65535.");
        message.ShouldContain("Speed: '0' must be above 0.");
        message.ShouldContain("TaskTimeout: '00:00:00'");
        message.ShouldContain("NamespaceRegexp: '(' is not a usable regular expression");
        message.ShouldContain("HttpProxy: 'https://proxy/' must be an absolute http URL.");
    }
}
