using System.Text.Json.Nodes;
using CanaryFunctions.Workers.Tests.Staging;

namespace CanaryFunctions.Workers.Tests;

/// <summary>The audit of a campaign finds what it is there for.</summary>
public sealed class AuditTests
{
    private const string Good = "app-00";
    private const string Bad = "app-03";

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly (int Step, string Phase, int Weight)[] Promoted =
    [
        (0, "", 0), (1, "Initializing", 0), (2, "Initialized", 0), (3, "Progressing", 0), (4, "Progressing", 20), (5, "Progressing", 40), (6, "Progressing", 60),
        (7, "Promoting", 60), (8, "Finalising", 0), (9, "Succeeded", 0),
    ];

    [Fact]
    public void Canary_WhoseReleaseWentByTheBook_HasNoProblems()
        => Problems(Good, Promoted).ShouldBeEmpty();

    [Fact]
    public void Canary_WhoseReleaseWasRolledBack_HasNoProblemsWhereItWasBad()
    {
        (int, string, int)[] rolledBack = [.. Promoted[..6], (6, "Failed", 0), (7, "Failed", 0)];
        Problems(Bad, rolledBack).ShouldBeEmpty();
        Problems(Good, rolledBack).ShouldContain(p => p.Contains("phases ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, 5, "Progressing", 60, "step 5 was done twice")]
    [InlineData(5, 7, "Progressing", 40, "step 5 was followed by step 7")]
    [InlineData(5, 6, "Progressing", 20, "weights in the status")]
    [InlineData(5, 6, "Succeeded", 0, "phases Initializing, Initialized, Progressing, Succeeded, Progressing")]
    [InlineData(7, 8, "Progressing", 60, "went from Promoting to Progressing")]
    public void Canary_WhereAStepWasDoneAmiss_IsFound(int after, int step, string phase, int weight, string problem)
        => Problems(Good, [.. Promoted[..(after + 1)], (step, phase, weight), .. Promoted[(after + 1)..].Select(s => (s.Step + 1, s.Phase, s.Weight))])
            .ShouldContain(p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Primary_ThatWasPromotedTwice_IsFound()
    {
        var old = Deployment(Fleet.OldImage, "");
        ReleaseAudit.OfDeployments(Good, [old, Deployment(Fleet.NewImage, "run")], [], isGood: true).ShouldNotContain(p => p.StartsWith($"{Good}-primary", StringComparison.Ordinal));
        ReleaseAudit.OfDeployments(Good, [old, Deployment(Fleet.NewImage, "run"), Deployment(Fleet.NewImage, "run2")], [], isGood: true)
            .ShouldContain($"{Good}-primary: 3 templates instead of 2");
        ReleaseAudit.OfDeployments(Bad, [old, Deployment(Fleet.NewImage, "run")], [], isGood: false).ShouldContain(p => p.StartsWith($"{Bad}-primary: images", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("worker-0-01", 0)]
    [InlineData("worker-1-01", 1)]
    public void Alert_ThatWasSentAgain_IsForgivenOnlyWhereItsSenderWasKilled(string? killed, int problems)
    {
        const string Text = "New revision detected, progressing canary analysis.";
        (string, DateTimeOffset)[] kills = killed is null ? [] : [(killed, Start.AddSeconds(1.1))];
        Post[] posts = [new(Start.AddSeconds(1), "worker-0-01", Good, Text), new(Start.AddSeconds(4), "worker-1-01", Good, Text)];

        AlertAudit.Of(Good, [], posts, kills).Count(p => p.Contains($"'{Text}' was sent by worker-0-01", StringComparison.Ordinal)).ShouldBe(problems);
    }

    private static List<string> Problems(string name, IEnumerable<(int Step, string Phase, int Weight)> steps)
        => [.. ReleaseAudit.OfCanary(name, [.. steps.Select(CanaryAt)], Fleet.IsGood(name))];

    private static JsonObject CanaryAt((int Step, string Phase, int Weight) at)
    {
        var status = new JsonObject { ["step"] = at.Step, ["phase"] = at.Phase, ["canaryWeight"] = at.Weight };
        if (at.Step > 2)
        {
            status["runId"] = "run";
        }

        return new() { ["metadata"] = new JsonObject { ["name"] = "app" }, ["status"] = status };
    }

    private static JsonObject Deployment(string image, string run) => new()
    {
        ["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["flagger-id"] = run } },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }) },
            },
        },
        ["status"] = new JsonObject { ["readyReplicas"] = 1 },
    };
}
