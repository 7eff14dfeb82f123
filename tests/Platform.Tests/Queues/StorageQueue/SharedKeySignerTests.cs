using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CanaryFunctions.Platform.Queues.Rest;
using CanaryFunctions.Platform.Queues.StorageQueue;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Platform.Tests.Queues.StorageQueue;

public sealed class SharedKeySignerTests
{
    private static readonly byte[] Key = [1, 2, 3];

    // The text that contracts/azure-keda.md 3.2 gives as signed.
    private const string Signed = "POST\n\n\n68\n\napplication/xml; charset=utf-8\n\n\n\n\n\n\nx-ms-date:Sat, 21 Nov 2026 02:13:55 GMT\nx-ms-version:2025-11-05\n"
        + "/devstoreaccount1/devstoreaccount1/orders/messages\nmessagettl:3600\nvisibilitytimeout:0";

    [Fact]
    public async Task Request_IsSignedAsTheDocumentationSays()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:10001/devstoreaccount1/orders/messages?visibilitytimeout=0&messagettl=3600");
        request.Content = new ByteArrayContent(new byte[68]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/xml", "utf-8");
        request.Headers.Add("x-ms-version", "2025-11-05");
        var clock = new ServerClock(new FakeClock(new DateTimeOffset(2026, 11, 21, 2, 13, 55, TimeSpan.Zero)));

        await new SharedKeySigner("devstoreaccount1", Key, clock).SignAsync(request, CancellationToken.None);

        SharedKeySigner.TextToSign(request, "devstoreaccount1").ShouldBe(Signed);
        request.Headers.Authorization!.ToString().ShouldBe($"SharedKey devstoreaccount1:{Convert.ToBase64String(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(Signed)))}");
    }

    [Fact]
    public void TextToSign_NoBody_HasNoLengthAndValuesAreDecoded()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "https://a.queue.core.windows.net/q/messages/7?popreceipt=a%2Bb%2F%3D&VisibilityTimeout=0") { Content = new ByteArrayContent([]) };

        SharedKeySigner.TextToSign(request, "a").ShouldBe("PUT\n\n\n\n\n\n\n\n\n\n\n\n/a/q/messages/7\npopreceipt:a+b/=\nvisibilitytimeout:0");
    }
}
