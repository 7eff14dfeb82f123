using CanaryFunctions.LoadTester.Flags;

namespace CanaryFunctions.LoadTester.Tests.Flags;

public sealed class GoFlagSetTests
{
    [Theory]
    [InlineData("-n 5 rest", "n=5 b=False t= d=00:00:00 | rest")]
    [InlineData("-n=5", "n=5 b=False t= d=00:00:00 |")]
    [InlineData("--n 5 -b --t=x=y", "n=5 b=True t=x=y d=00:00:00 |")]
    [InlineData("-b false", "n=0 b=True t= d=00:00:00 | false")]
    [InlineData("-b=F -d 1m30s", "n=0 b=False t= d=00:01:30 |")]
    [InlineData("url -n 5", "n=0 b=False t= d=00:00:00 | url -n 5")]
    [InlineData("-b -- -n 5", "n=0 b=True t= d=00:00:00 | -n 5")]
    [InlineData("-t -n", "n=0 b=False t=-n d=00:00:00 |")]
    [InlineData("-n 1 -n 2 -", "n=2 b=False t= d=00:00:00 | -")]
    public void Parse_GoodWords_ReadsThemAsGoDoes(string words, string expected)
    {
        var (n, b, t, d) = (0, false, "", TimeSpan.Zero);
        var rest = Set(v => n = v, v => b = v, v => t = v, v => d = v).Parse(words.Split(' '));
        $"n={n} b={b} t={t} d={d} | {string.Join(' ', rest)}".Trim().ShouldBe(expected);
    }

    [Theory]
    [InlineData("-x", "-x: is not a known flag; use one of: -b, -d, -n, -t.")]
    [InlineData("-n", "-n: needs a value: a whole number.")]
    [InlineData("-n five", "-n: 'five' is not a whole number.")]
    [InlineData("-n 99999999999", "-n: '99999999999' is not a whole number.")]
    [InlineData("-d 5", "-d: '5' is not a duration such as 90s, 10m or 1h30m.")]
    [InlineData("-b=maybe", "-b: 'maybe' is not true or false.")]
    [InlineData("---n 5", "---n: is not a well-formed flag; write -name, -name=value or -name value.")]
    [InlineData("-=5", "-=5: is not a well-formed flag; write -name, -name=value or -name value.")]
    public void Parse_BadWords_NamesFlagValueAndWhatIsAllowed(string words, string message)
    {
        var error = Should.Throw<GoFlagException>(() => Set().Parse(words.Split(' ')));
        error.Message.ShouldBe(message);
        error.IsHelp.ShouldBeFalse();
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Parse_Help_IsNotAMistake(string word)
    {
        var error = Should.Throw<GoFlagException>(() => Set().Parse([word]));
        error.IsHelp.ShouldBeTrue();
        error.Message.ShouldContain("-b, -d, -n, -t");
    }

    private static GoFlagSet Set(Action<int>? n = null, Action<bool>? b = null, Action<string>? t = null, Action<TimeSpan>? d = null) => new GoFlagSet()
        .Int("n", n ?? (_ => { }))
        .Bool("b", b ?? (_ => { }))
        .Text("t", t ?? (_ => { }))
        .Duration("d", d ?? (_ => { }));
}
