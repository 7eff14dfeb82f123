using System.Net;
using System.Security.Cryptography;
using System.Text;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.ServiceBus;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Queues.ServiceBus;

public sealed class SasSignerTests
{
    private static readonly Uri Endpoint = new("https://myns.servicebus.windows.net/");

    private readonly FakeClock _clock = new();

    [Fact]
    public void Make_SignsTheScopeAsItIsSent_WithTheKeyAsText()
    {
        var token = SasSigner.Make(new Uri("https://myns.servicebus.windows.net/orders"), "send key", "a2V5", DateTimeOffset.FromUnixTimeSeconds(1795312800));

        const string Scope = "https%3A%2F%2Fmyns.servicebus.windows.net%2Forders";
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("a2V5"), Encoding.UTF8.GetBytes($"{Scope}\n1795312800")));
        token.ShouldBe($"SharedAccessSignature sr={Scope}&sig={WebUtility.UrlEncode(signature)}&se=1795312800&skn=send+key");
    }

    [Fact]
    public async Task Token_IsKeptForFourFifthsOfItsHour()
    {
        var signer = new SasSigner(Endpoint, "all", "key", new ServerClock(_clock));
        var first = await TokenAsync(signer);
        first.ShouldContain($"&se={_clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}&");

        _clock.Advance(TimeSpan.FromMinutes(47.9));
        (await TokenAsync(signer)).ShouldBe(first);

        _clock.Advance(TimeSpan.FromMinutes(0.2));
        (await TokenAsync(signer)).ShouldNotBe(first);
    }

    [Fact]
    public async Task Token_ServicesClockIsAnother_ExpiresByThat()
    {
        var clock = new ServerClock(_clock);
        clock.Observe(_clock.GetUtcNow().AddDays(1));

        (await TokenAsync(new SasSigner(Endpoint, "all", "key", clock))).ShouldContain($"&se={_clock.GetUtcNow().AddDays(1).AddHours(1).ToUnixTimeSeconds()}&");
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(-4, 0)]
    [InlineData(6, 6)]
    [InlineData(-3600, -3600)]
    public void ServerClock_SmallDifferences_AreTheJourneys(double seconds, double ahead)
    {
        var clock = new ServerClock(_clock);
        clock.Observe(_clock.GetUtcNow().AddSeconds(seconds));

        clock.Ahead.TotalSeconds.ShouldBe(ahead);
    }

    private static async Task<string> TokenAsync(SasSigner signer)
    {
        using var request = new HttpRequestMessage();
        await signer.SignAsync(request, CancellationToken.None);
        return request.Headers.GetValues("Authorization").Single();
    }
}
