using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>
/// Who was told what, and how often. Once, but for one case (rule 3 of the design): whoever told it was killed before it could be recorded. Pure.
/// </summary>
internal static class AlertAudit
{
    // On a busy machine what a dead worker sent arrives late, and a living one's record takes a moment.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recording = TimeSpan.FromSeconds(3);

    /// <param name="canary">All versions of the Canary.</param>
    /// <param name="posts">Of this Canary, oldest first.</param>
    internal static IEnumerable<string> Of(string name, IReadOnlyList<Version> canary, IReadOnlyList<Post> posts, IReadOnlyList<(string Worker, DateTimeOffset At)> kills)
    {
        string[] texts =
        [
            "New Deployment detected, initialization completed.",
            "New revision detected, progressing canary analysis.",
            Fleet.IsGood(name) ? "Canary analysis completed successfully, promotion finished." : "Failed checks threshold reached 2",
        ];
        foreach (var text in posts.Select(p => p.Text).Except(texts))
        {
            yield return $"{name}: alert '{text}' was not to be sent";
        }

        foreach (var text in texts)
        {
            var told = posts.Where(p => p.Text == text).ToList();
            var recorded = RecordedAt(canary, text);
            if (told.Count == 0 || recorded is null)
            {
                yield return $"{name}: alert '{text}' was sent {told.Count} times, recorded {(recorded is null ? "never" : "once")}";
            }

            foreach (var (first, again) in told.Zip(told.Skip(1)))
            {
                if (recorded < again.At || !kills.Any(k => k.Worker == first.Worker && k.At > first.At - OnItsWay && k.At < first.At + Recording))
                {
                    yield return $"{name}: alert '{text}' was sent by {first.Worker} at {first.At:mm:ss.fff} and by {again.Worker} at {again.At:mm:ss.fff}, recorded at {recorded:mm:ss.fff}";
                }
            }
        }
    }

    private static DateTimeOffset? RecordedAt(IReadOnlyList<Version> canary, string text)
    {
        var decided = canary.Select(v => (Uid: v.Object.Uid(), Canary.From(v.Object).Status)).FirstOrDefault(v => v.Status.Outbox.Any(e => e.Message == text && e.Kind == OutboxKind.Alert));
        if (decided.Status?.Outbox.First(e => e.Message == text && e.Kind == OutboxKind.Alert) is not { } entry)
        {
            return null;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"{decided.Uid}-{decided.Status.RunId}-{entry.Step}-{entry.Index}-InstallChat-slack");
        var known = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 6));
        return canary.FirstOrDefault(v => Deliveries(v.Object).Contains(known))?.At;
    }

    private static IEnumerable<string?> Deliveries(JsonObject canary) => canary.ListAt("status", "deliveries").Select(d => d.Text());
}
