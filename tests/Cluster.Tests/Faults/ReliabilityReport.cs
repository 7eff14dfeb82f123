using System.Globalization;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary><c>docs/reliability.md</c>.</summary>
internal static class ReliabilityReport
{
    private const string Head = """
        # What happens when things break

        Made by the fault campaign of `tests/Cluster.Tests`, and committed as its last run left it:

        ```bash
        CANARY_FAULT_CAMPAIGN=$PWD/docs/reliability.md dotnet test tests/Cluster.Tests --filter FullyQualifiedName~FaultCampaign
        ```

        A real etcd, kube-apiserver and kube-controller-manager (Kubernetes 1.20) and a real Prometheus run on one machine, with `canary run` as a process of its
        own under the service account that `infra/kustomize/standalone` makes. Node, pods and gateway are the simulator's, as ordinary clients of that API server.
        Each fault has a namespace with the Skipper guide's application, checked every 2 seconds by success rate and latency, in steps of 25 % at most, and users who
        send 20 requests a second through the gateway from before the fault until the last release is over.

        After each fault, besides what the table says: the Canary rests in the right phase, its outbox is empty, the routes send everybody to the primary, the primary
        runs the revision that was promoted last, the canary is scaled down, each beginning and end of a release is one event (where events are taken), and both chats
        were told of it once, unless the row says otherwise. A failed request is one without an answer or with another status than 200.

        Each row is of the last run of its fault. With `CANARY_FAULTS` set to names such as `ProcessKilled,ClockJump` (the classes in
        `tests/Cluster.Tests/Faults/Mishaps`) only these are run, and only their rows change.

        """;

    /// <param name="before">The report as it was; its rows stay where there is none of the same fault.</param>
    internal static string Text(IEnumerable<FaultRow> rows, string before, DateTimeOffset at) => string.Join('\n',
    [
        Head,
        string.Create(CultureInfo.InvariantCulture, $"Last run: {at:yyyy-MM-dd}, {Environment.ProcessorCount} processors."),
        "",
        "| Fault | What happened | Releases | Requests sent | Failed | Seconds |",
        "|---|---|---|---|---|---|",
        .. FaultCatalog.All.Select(fault => rows.FirstOrDefault(row => row.Fault == fault.Name) is { } row ? Line(row) : LineBefore(before, fault)).OfType<string>(),
        "",
    ]);

    private static string? LineBefore(string before, Fault fault) => before.Split('\n').FirstOrDefault(line => line.StartsWith($"| {fault.Name} |", StringComparison.Ordinal));

    private static string Line(FaultRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Fault} | {(row.Problem is null ? row.What : $"**not as it must be**: {FirstLine(row.Problem)}")} | {row.Releases} | {row.Sent} | {row.Failed} | {row.Took.TotalSeconds:0} |");

    private static string FirstLine(string text) => text.Trim().Split('\n')[0].Replace("|", "\\|", StringComparison.Ordinal);
}
