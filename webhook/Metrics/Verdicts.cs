namespace CanaryFunctions.Webhook.Metrics;

/// <summary>What became of a request: the tag <c>verdict</c>.</summary>
internal static class Verdicts
{
    /// <summary>The write may go on; also with warnings or a patch.</summary>
    public const string Allowed = "allowed";

    /// <summary>The write was refused with its problems.</summary>
    public const string Denied = "denied";

    /// <summary>Objects were converted.</summary>
    public const string Converted = "converted";

    /// <summary>A fault of ours, or an object that cannot be converted.</summary>
    public const string Failed = "failed";

    /// <summary>The request was no review: a 4xx.</summary>
    public const string Refused = "refused";

    /// <summary>The caller went away before the answer.</summary>
    public const string Aborted = "aborted";

    private static readonly object Key = new();

    /// <summary>Says what became of the request; without it the answer's status says so.</summary>
    public static void Set(HttpContext http, string verdict) => http.Items[Key] = verdict;

    public static string Of(HttpContext http)
        => http.RequestAborted.IsCancellationRequested ? Aborted
            : http.Items[Key] as string ?? (http.Response.StatusCode >= 500 ? Failed : Refused);
}
