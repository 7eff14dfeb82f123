using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using CanaryFunctions.Platform.Queues.Rest;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Platform.Queues.StorageQueue;

/// <summary>The operations of a Storage account's queues over REST (contracts/azure-keda.md 3.1). Makes queues that are missing.</summary>
internal sealed class StorageQueueClient(StorageQueueOptions options, QueueHttp http, ILogger logger)
{
    private const string Version = "2021-12-02";

    private readonly string _root = options.Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>Puts a message that never expires; sent twice it is there twice, so only what the service surely did not do is repeated.</summary>
    /// <param name="delay">Whole seconds, at most seven days.</param>
    /// <exception cref="QueueException">Refused, or no answer: then it may have been put.</exception>
    public async Task PutAsync(string queue, string text, TimeSpan delay, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(new XElement("QueueMessage", new XElement("MessageText", text)).ToString(SaveOptions.DisableFormatting));
        var path = $"/{queue}/messages?visibilitytimeout={Seconds(delay)}&messagettl=-1";
        var answer = await WithQueueAsync(queue, () => SendAsync(HttpMethod.Post, path, Repeat.IfNothingWasDone, ct, body), ct);
        if (!answer.IsSuccess)
        {
            throw Error(answer);
        }
    }

    /// <summary>The next message, hidden from others for a while; null when there is none.</summary>
    /// <exception cref="QueueException">Refused, or no answer.</exception>
    public async Task<StorageMessage?> GetAsync(string queue, CancellationToken ct)
    {
        var path = $"/{queue}/messages?numofmessages=1&visibilitytimeout={Seconds(options.VisibilityTimeout)}";
        var answer = await WithQueueAsync(queue, () => SendAsync(HttpMethod.Get, path, Repeat.Never, ct), ct);
        if (!answer.IsSuccess)
        {
            throw Error(answer);
        }

        try
        {
            return answer.Xml().Element("QueueMessage") is { } found ? StorageMessage.From(found) : null;
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            throw new QueueException($"{answer.Asked}: the answer is no list of messages: {e.Message}", isTransient: true, answer.Status, inner: e);
        }
    }

    /// <summary>Hides the message for so long from now; gives the new receipt, or null when the message is no longer ours.</summary>
    public async Task<string?> HideAsync(string queue, string id, string receipt, TimeSpan time, CancellationToken ct)
    {
        var path = $"/{queue}/messages/{id}?popreceipt={Uri.EscapeDataString(receipt)}&visibilitytimeout={Seconds(time)}";
        var answer = await SendAsync(HttpMethod.Put, path, Repeat.Freely, ct, []);
        return answer.IsSuccess ? answer.Header("x-ms-popreceipt") : IsNoLongerOurs(answer) ? null : throw Error(answer);
    }

    /// <summary>False when the message is no longer ours.</summary>
    public async Task<bool> DeleteAsync(string queue, string id, string receipt, CancellationToken ct)
    {
        var answer = await SendAsync(HttpMethod.Delete, $"/{queue}/messages/{id}?popreceipt={Uri.EscapeDataString(receipt)}", Repeat.Freely, ct);
        return answer.IsSuccess || (IsNoLongerOurs(answer) ? false : throw Error(answer));
    }

    private static bool IsNoLongerOurs(QueueAnswer answer) => answer.Code is "PopReceiptMismatch" or "MessageNotFound" or "QueueNotFound";

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(Math.Max(0, time.TotalSeconds));

    private static QueueException Error(QueueAnswer answer) => answer.Error(QueueHttp.IsTransient(answer));

    private async Task<QueueAnswer> WithQueueAsync(string queue, Func<Task<QueueAnswer>> ask, CancellationToken ct)
    {
        var answer = await ask();
        if (answer.Code != "QueueNotFound")
        {
            return answer;
        }

        var created = await SendAsync(HttpMethod.Put, $"/{queue}", Repeat.Freely, ct, []);
        if (!created.IsSuccess && created.Code != "QueueAlreadyExists")
        {
            throw Error(created);
        }

        logger.QueueCreated(queue);
        return await ask();
    }

    private Task<QueueAnswer> SendAsync(HttpMethod method, string pathAndQuery, Repeat repeat, CancellationToken ct, byte[]? body = null)
        => http.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(method, new Uri(_root + pathAndQuery));
                request.Headers.TryAddWithoutValidation("x-ms-version", Version);
                if (body is not null)
                {
                    request.Content = new ByteArrayContent(body);
                    request.Content.Headers.ContentType = body.Length > 0 ? new MediaTypeHeaderValue("application/xml", "utf-8") : null;
                }

                return request;
            },
            repeat,
            ct);
}
