using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>A task as it is listed, running or ended.</summary>
internal sealed record TaskRecord(string Id, TaskRequest Request, TaskState State, DateTimeOffset StartedAt)
{
    private const int MostListedOutput = 4096;

    public DateTimeOffset? EndedAt { get; init; }

    public TaskOutcome? Outcome { get; init; }

    /// <summary>Why it did not succeed: <c>exit status 1</c>, <c>timed out after 1h0m0s</c>, <c>stopped</c>; empty otherwise.</summary>
    public string Error { get; init; } = "";

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>timedOut</c> or <c>stopped</c>.</summary>
    public string StateName => JsonNamingPolicy.CamelCase.ConvertName(State.ToString());

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["id"] = Id,
            ["canary"] = Request.Key.Canary.ToString(),
            ["type"] = Request.Key.Type,
            ["command"] = CommandText.Redact(Request.Key.Command),
            ["run"] = Request.Run,
            ["hook"] = Request.Hook,
            ["state"] = StateName,
            ["startedAt"] = StartedAt.ToString("O"),
        };
        if (Outcome is not null)
        {
            json["endedAt"] = EndedAt?.ToString("O");
            json["exitCode"] = Outcome.ExitCode;
            json["error"] = Error;
            json["warning"] = Outcome.Warning ?? "";
            json["output"] = Outcome.Output.Length > MostListedOutput ? "…" + Outcome.Output[^MostListedOutput..] : Outcome.Output;
        }

        return json;
    }

    /// <summary>How the end of a command reads in records, logs and answers.</summary>
    public static string DescribeFailure(TaskState state, TaskOutcome outcome, TimeSpan timeout) => state switch
    {
        TaskState.TimedOut => $"timed out after {GoDuration.Format(timeout)}",
        TaskState.Stopped => "stopped",
        TaskState.Failed => $"exit status {outcome.ExitCode}",
        _ => "",
    };
}
