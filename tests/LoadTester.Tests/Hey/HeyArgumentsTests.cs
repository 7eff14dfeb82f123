using System.Text;
using CanaryFunctions.LoadTester.Hey;
using CanaryFunctions.LoadTester.Shell;

namespace CanaryFunctions.LoadTester.Tests.Hey;

public sealed class HeyArgumentsTests
{
    [Fact]
    public void Parse_OnlyAUrl_HasHeysDefaults()
    {
        var flags = Parse("http://x/");
        flags.Requests.ShouldBe(200);
        flags.Workers.ShouldBe(50);
        flags.RequestsPerWorker.ShouldBe(4);
        flags.RatePerWorker.ShouldBe(0);
        flags.Duration.ShouldBe(TimeSpan.Zero);
        flags.Timeout.ShouldBe(TimeSpan.FromSeconds(20));
        flags.Method.ShouldBe(HttpMethod.Get);
        Headers(flags).ShouldBe("Accept-Encoding: gzip; Content-Type: text/html; User-Agent: hey/0.0.1");
    }

    [Theory]
    [InlineData("-z 10m -q 10 -c 2 -host app.example.com http://skipper-ingress.kube-system", "z=10m0s q=10 c=2 host=app.example.com GET http://skipper-ingress.kube-system/")]
    [InlineData("-z=1m --q=2.5 -c=5 http://podinfo-canary.test:9898/", "z=1m0s q=2.5 c=5 host= GET http://podinfo-canary.test:9898/")]
    [InlineData("-z 1m -q 10 -c 2 -h2 -host app.example.com http://apisix-gateway.apisix/api/info", "z=1m0s q=10 c=2 host=app.example.com GET http://apisix-gateway.apisix/api/info")]
    [InlineData("-z 5s -c 1 -m post http://x/echo -c 99", "z=5s q=0 c=1 host= POST http://x/echo")]
    public void Parse_GuidesCommands_AreUnderstood(string words, string expected)
    {
        var f = Parse(words);
        $"z={Core.GoDuration.Format(f.Duration)} q={f.RatePerWorker} c={f.Workers} host={f.Host} {f.Method} {f.Url}".ShouldBe(expected);
    }

    [Fact]
    public void Parse_Headers_LastWinsAndHostHasNoEffect()
    {
        var flags = Parse("-H 'Cookie: type=insider' -H 'X-A: 1' -H 'x-a: 2' -H 'Host: other' -T text/plain -A application/json -U me -a u:p http://x/");
        Headers(flags).ShouldBe(
            "Accept: application/json; Accept-Encoding: gzip; Authorization: Basic dTpw; Content-Type: text/plain; Cookie: type=insider; User-Agent: me hey/0.0.1; X-A: 2");
        flags.Host.ShouldBeNull();
    }

    [Fact]
    public void Parse_Switches_TurnThingsOff()
    {
        var flags = Parse("-h2 -disable-compression -disable-keepalive -disable-redirects -o csv -cpus 2 -x http://proxy:3128 -t 0 -d '{test: 2}' https://x/");
        (flags.Http2, flags.KeepAlive, flags.FollowRedirects).ShouldBe((true, false, false));
        flags.Proxy.ShouldBe(new Uri("http://proxy:3128"));
        flags.Timeout.ShouldBe(TimeSpan.Zero);
        Encoding.UTF8.GetString(flags.Body).ShouldBe("{test: 2}");
        Headers(flags).ShouldNotContain("Accept-Encoding");
    }

    [Fact]
    public void Parse_UserInUrl_BecomesBasicAuth()
    {
        var flags = Parse("http://u:p@x:81/y");
        flags.Url.ShouldBe(new Uri("http://x:81/y"));
        Headers(flags).ShouldContain("Authorization: Basic dTpw");
    }

    [Theory]
    [InlineData("", 1, "no URL is given; write hey [flags] URL.")]
    [InlineData("-c 0 http://x", 1, "-c: 0 must be between 1 and 10000.")]
    [InlineData("-n 10 -c 20 http://x", 1, "-n: 10 must be at least -c, which is 20.")]
    [InlineData("-q -1 http://x", 1, "-q: -1 must be 0 (no limit) or at least 1E-06.")]
    [InlineData("-H Bad http://x", 1, "-H: 'Bad' is not of the form 'Name: value'.")]
    [InlineData("-a secret http://x", 1, "-a or the URL's user: is not of the form user:password.")]
    [InlineData("-o json http://x", 1, "-o: 'json' is not known; use csv or leave it out.")]
    [InlineData("-m 'G T' http://x", 1, "-m: 'G T' is not an HTTP method; use letters, such as GET or POST.")]
    [InlineData("podinfo:9898", 1, "URL: 'podinfo:9898' is not a URL; it must begin with http:// or https://.")]
    [InlineData("-z 5 http://x", 2, "-z: '5' is not a duration such as 90s, 10m or 1h30m.")]
    [InlineData("-z", 2, "-z: needs a value: a duration such as 90s, 10m or 1h30m.")]
    public void Parse_BadCommand_HasHeysExitCodeAndNamesTheFlag(string words, int exitCode, string message)
    {
        var error = Should.Throw<HeyUsageException>(() => Parse(words));
        error.Message.ShouldBe(message);
        error.ExitCode.ShouldBe(exitCode);
    }

    [Theory]
    [InlineData("-enable-tmpl http://x", 2)]
    [InlineData("-nonsense http://x", 2)]
    [InlineData("-h", 0)]
    [InlineData("-D /does/not/exist http://x", 1)]
    public void Parse_UnknownFlagHelpOrMissingFile_Refuses(string words, int exitCode)
        => Should.Throw<HeyUsageException>(() => Parse(words)).ExitCode.ShouldBe(exitCode);

    private static HeyFlags Parse(string words) => HeyArguments.Parse(ShellWords.Split(words));

    private static string Headers(HeyFlags flags) => string.Join("; ", flags.Headers.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {h.Value}"));
}
