using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>What a queue service answered.</summary>
/// <param name="Asked">Method and path, for messages.</param>
/// <param name="RetryAfter">What it asked for, if it did.</param>
/// <param name="Skew">How far its clock is ahead of ours; zero where that cannot be told.</param>
internal sealed record QueueAnswer(string Asked, int Status, HttpResponseHeaders Headers, byte[] Body, TimeSpan? RetryAfter, TimeSpan Skew)
{
    private const int LongestDetail = 300;

    private static readonly TimeSpan NotableSkew = TimeSpan.FromMinutes(1);

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>A Storage service's name for what is wrong; empty otherwise.</summary>
    public string Code => Header("x-ms-error-code");

    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

    /// <summary>The body as an XML document, whatever byte order mark it begins with.</summary>
    /// <exception cref="XmlException">It is none.</exception>
    public XElement Xml()
    {
        using var reader = XmlReader.Create(new MemoryStream(Body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader);
    }

    /// <summary>As an error.</summary>
    public QueueException Error(bool isTransient)
    {
        var why = Explanation();
        var clock = Status is 401 or 403 && Skew.Duration() > NotableSkew ? $" The service's clock is {Skew.TotalMinutes:0} minutes from this machine's." : "";
        return new QueueException($"{Asked}: {Status}{(why.Length > 0 ? " " : "")}{why}.{clock}", isTransient, Status, RetryAfter);
    }

    /// <summary>Service Bus says <c>Error/Code, Detail</c>, Storage <c>Error/Code, Message</c>; the first line has what matters.</summary>
    private string Explanation()
    {
        var text = Code;
        try
        {
            var error = Xml();
            var detail = ((string?)error.Element("Detail") ?? (string?)error.Element("Message") ?? "").Split('\n')[0].Trim();
            text = text.Length > 0 ? $"{text}: {detail}" : detail;
        }
        catch (XmlException) when (Body.Length > 0)
        {
            // A proxy's page, perhaps: its beginning is better than nothing.
            text = $"{text} {Encoding.UTF8.GetString(Body).Split('\n')[0].Trim()}".Trim();
        }
        catch (XmlException)
        {
            // No body: the status says it all.
        }

        return (text.Length > LongestDetail ? text[..LongestDetail] : text).TrimEnd('.');
    }
}
