using System.Text.Json.Nodes;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Kubernetes;
using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.Simulator.Api;
using CanaryFunctions.Webhook;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>
/// What can go wrong between somebody's write and the run that it starts. Whatever it is, a change starts one run, once, and an older one never starts after
/// a newer one: uid, generation and template hash are the fence.
/// </summary>
public sealed class DetectionTests
{
    // Slow enough that the sweep, which would find everything, leaves room for what is tested.
    private const double Slow = 10;

    private readonly MessageTap _tap = new();

    [Fact]
    public async Task WatchGap_LeavesTheIndexStale_AndTheSweepFindsTheChange()
    {
        using var gap = new WatchGap();
        await using var stage = await OpenAsync(60, new() { Handlers = [gap] });
        gap.Open();
        var opened = TimeProvider.System.GetTimestamp();
        await stage.ApplyAsync([.. Stage.GuideObjects(Analysis.Short)]);
        await stage.RestsAsync(CanaryPhase.Initialized);
        var announced = _tap.Messages.Count;

        await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);
        _tap.Messages.Count.ShouldBe(announced, "the webhook does not know of the Canary");
        ShouldHaveStartedOnce(stage);
        stage.Status.StartedBy.ShouldBeNull("nobody saw the write");

        await SoonAsync(() => TimeProvider.System.GetElapsedTime(opened) > TimeSpan.FromSeconds(2));
        gap.Close();
        var index = stage.Playground.Services.GetRequiredService<TargetIndex>();
        await SoonAsync(() => index.FindByTarget(Kinds.Deployment.Kind, Stage.Namespace, Stage.App).Count == 1);
        await stage.ReleaseAsync("4.0.7", CanaryPhase.Succeeded);
        _tap.Changes.ShouldBe(1, "the index has caught up, and admission tells again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WebhookThatDiesInTheMiddleOfSetImage_CostsTimeAndNothingElse(bool hasAnswered)
    {
        Stage? stage = null;
        var isArmed = false;
        await using (stage = await StartAsync(60, faults: r => isArmed && IsUsersWrite(r) ? Strike() : null))
        {
            _tap.Hold();
            isArmed = true;

            await stage.SetImageAsync("4.0.6");
            await using var successor = await WebhookServer.StartAsync(new(), stage.Playground.Services, CancellationToken.None);
            _tap.LetThrough();
            await stage.UntilAsync(() => stage.Status.StartedBy is null && stage.Status.RunId is not null, "the sweep finds the change");
            await stage.RestsAsync(CanaryPhase.Succeeded);

            ShouldHaveStartedOnce(stage);
            stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.6");
            var announced = _tap.Changes;
            await stage.ReleaseAsync("4.0.7", CanaryPhase.Succeeded);
            _tap.Changes.ShouldBe(announced + 1, "the successor answers now");
        }

        // Before admission, or behind it with the hint still in memory.
        Fault Strike()
        {
            isArmed = false;
            return hasAnswered ? new Fault { After = _ => DieAsync(stage!) } : new Fault { Before = _ => DieAsync(stage!) };
        }
    }

    [Fact]
    public async Task ChangeMadeWhileNobodyWasThere_IsReleasedAtTheStart()
    {
        await using var stage = await StartAsync(60);
        await stage.Playground.StopProductAsync();
        await stage.SetImageAsync("4.0.6");

        await stage.Playground.StartProductAsync(CancellationToken.None);
        await stage.UntilAsync(() => stage.Status.RunId is not null, "the sweep at the start finds the change");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        ShouldHaveStartedOnce(stage);
        stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.6");
    }

    [Fact]
    public async Task WriteThatChangesNoTemplate_IsNotEvenAnnounced()
    {
        await using var stage = await StartAsync(60);
        var same = Stage.GuideObjects().Single(o => o.Text("kind") == Kinds.Deployment.Kind && o.Name() == Stage.App);

        await stage.ApplyAsync(same);
        await stage.SetImageAsync("4.0.5");
        await PatchAsync(stage, new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["team"] = "web" } } });
        await PatchAsync(stage, new() { ["spec"] = new JsonObject { ["minReadySeconds"] = 1 } });
        _tap.Changes.ShouldBe(0);
        await stage.ReleaseAsync("4.0.6", CanaryPhase.Succeeded);

        _tap.Changes.ShouldBe(1, "one write changed the template");
        ShouldHaveStartedOnce(stage);
    }

    [Fact]
    public async Task ChangeThatIsTakenBackBeforeTheStepReadsIt_StartsNothing()
    {
        await using var stage = await StartAsync(Slow);
        _tap.Hold();
        var (there, back) = (await AnnouncedAsync(stage, "4.0.6"), await AnnouncedAsync(stage, "4.0.5"));

        await _tap.DeliverAsync(there);
        await _tap.DeliverAsync(back);
        _tap.LetThrough();
        await stage.ReleaseAsync("4.0.7", CanaryPhase.Succeeded);

        ShouldHaveStartedOnce(stage);
        stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.7");
    }

    [Fact]
    public async Task ChangeThatIsAnnouncedAgainAndAgain_StartsOneRun()
    {
        await using var stage = await StartAsync(Slow);
        _tap.Hold();
        var change = await AnnouncedAsync(stage, "4.0.6");

        await Task.WhenAll(_tap.DeliverAsync(change), _tap.DeliverAsync(change));
        await stage.UntilAsync(() => stage.Status.Phase == CanaryPhase.Progressing, "the run begins");
        var run = stage.Status.RunId;
        await _tap.DeliverAsync(change);
        _tap.LetThrough();
        await stage.RestsAsync(CanaryPhase.Succeeded);
        await _tap.DeliverAsync(change);
        await stage.ReleaseAsync("4.0.7", CanaryPhase.Succeeded);

        var starts = stage.Feed.Events.Where(IsStart).ToList();
        starts.Count.ShouldBe(2, "one for each change");
        stage.Feed.History(Kinds.Canary, Stage.App).Select(c => c.Text("status", "runId")).OfType<string>().Distinct().ShouldBe([run, stage.Status.RunId]);
    }

    [Fact]
    public async Task OlderChangeThatArrivesAfterANewerOne_StartsNothing()
    {
        await using var stage = await StartAsync(Slow);
        _tap.Hold();
        var older = await AnnouncedAsync(stage, "4.0.6");
        var newer = await AnnouncedAsync(stage, "4.0.7");

        await _tap.DeliverAsync(newer);
        await stage.UntilAsync(() => stage.Status.Phase == CanaryPhase.Progressing, "the newer one's run begins");
        await _tap.DeliverAsync(older);
        await stage.WeightAsync(25);
        await _tap.DeliverAsync(older);
        _tap.LetThrough();
        await stage.RestsAsync(CanaryPhase.Succeeded);

        ShouldHaveStartedOnce(stage);
        stage.ImageOf("podinfo-primary").ShouldEndWith(":4.0.7");
        stage.Feed.Events.ShouldNotContain(e => e.Message.Contains("Restarting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChangeThatIsStoredLongAfterAdmission_IsWaitedFor()
    {
        await using var stage = await StartAsync(Slow);
        _tap.HoldSweeps();
        DateTimeOffset? told = null;
        _tap.Announced += () => told ??= TimeProvider.System.GetUtcNow();
        DateTimeOffset stored;
        await using (await SilentWebhook.RegisterAsync(stage.Client))
        {
            stored = await stage.SetImageAsync("4.0.6");
        }

        (stored - told!.Value).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.5), "admission was done long before the write was stored");
        await stage.UntilAsync(() => stage.Status.RunId is not null, "the run begins");
        stage.Status.StartedBy.ShouldBe(ApiUser.Admin.Name, "by what admission saw, and not by the sweep");
        await stage.RestsAsync(CanaryPhase.Succeeded);
        ShouldHaveStartedOnce(stage);
    }

    [Fact]
    public async Task WhoAsked_IsInTheRunsRecord_OnItsEvents_AndInItsAlerts()
    {
        await using var stage = await StartAsync(Slow);
        using var jo = KubernetesClient.FromKubeConfig(
            KubeConfigSource.FromText(stage.Playground.Cluster.ApiServer.KubeconfigFor(new ApiUser("jo@example.com", ["system:masters"]))), TimeProvider.System);

        await new UserCommands(jo, TimeProvider.System).SetImageAsync(Stage.Namespace, Stage.App, "podinfod", "stefanprodan/podinfo:4.0.6", CancellationToken.None);
        await stage.UntilAsync(() => stage.Status.RunId is not null, "the run begins");
        await stage.RestsAsync(CanaryPhase.Succeeded);

        stage.Status.StartedBy.ShouldBe("jo@example.com");
        var events = (await stage.Client.ListAsync(Kinds.Event, Stage.Namespace, new(), CancellationToken.None)).Items;
        events.Where(e => e.Text("message") is { } m && (m.StartsWith("New revision", StringComparison.Ordinal) || m.StartsWith("Promotion completed", StringComparison.Ordinal)))
            .Select(e => e.Annotation("canary-functions.io/started-by")).ShouldBe(["jo@example.com", "jo@example.com"]);
        await stage.UntilAsync(() => stage.Chat.Any(m => m.Text.StartsWith("New revision", StringComparison.Ordinal)), "people are told");
        stage.Chat.First(m => m.Text.StartsWith("New revision", StringComparison.Ordinal)).Facts.ShouldContain("Started by: jo@example.com");
    }

    private static bool IsStart(CanaryEvent e) => e.Message.StartsWith("New revision detected!", StringComparison.Ordinal);

    private static void ShouldHaveStartedOnce(Stage stage)
    {
        stage.Feed.Events.Count(IsStart).ShouldBe(1);
        stage.Feed.History(Kinds.Canary, Stage.App).Select(c => c.Text("status", "runId")).OfType<string>().Distinct().Count().ShouldBe(1);
    }

    private static bool IsUsersWrite(ApiRequest request)
        => request is { Resource: "deployments", Name: Stage.App, Subresource: "", Verb: "patch" } && request.User == ApiUser.Admin.Name;

    // A process that is killed leaves its registration behind, which then leads nowhere.
    private static async Task DieAsync(Stage stage)
    {
        ObjectRef[] registration =
        [
            new(Kinds.MutatingWebhookConfiguration, null, "canary-functions-mutate"),
            new(Kinds.ValidatingWebhookConfiguration, null, "canary-functions-validate"),
        ];
        var left = await Task.WhenAll(registration.Select(r => stage.Client.GetAsync(r, CancellationToken.None)));
        await stage.Playground.Webhook.DisposeAsync();
        foreach (var (reference, configuration) in registration.Zip(left))
        {
            configuration!.Metadata().Remove("resourceVersion");
            await stage.Client.CreateAsync(reference.Kind, configuration!, CancellationToken.None);
        }
    }

    private Task<Stage> OpenAsync(double speed, KubernetesClientOptions? client = null, Func<ApiRequest, Fault?>? faults = null)
        => Stage.OpenAsync(Options(speed, client, faults));

    private Task<Stage> StartAsync(double speed, Func<ApiRequest, Fault?>? faults = null) => Stage.InitializedAsync(Analysis.Short, Options(speed, null, faults));

    private StageOptions Options(double speed, KubernetesClientOptions? client, Func<ApiRequest, Fault?>? faults)
        => new() { Speed = speed, Queue = _tap.Between, Client = client ?? new(), Faults = faults };

    // Sets an image and gives what admission says of it.
    private async Task<QueueMessage> AnnouncedAsync(Stage stage, string tag)
    {
        var before = _tap.Messages.Count;
        _tap.Announced += stage.Touch;
        await stage.SetImageAsync(tag);
        await stage.UntilAsync(() => _tap.Messages.Count > before, $"admission announces {tag}");
        return _tap.Messages[before];
    }

    // For what gives no signal when it changes.
    private static async Task SoonAsync(Func<bool> condition)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await clock.WaitForNextTickAsync(limit.Token);
        }
    }

    private static Task<JsonObject> PatchAsync(Stage stage, JsonObject patch)
        => stage.Client.MergePatchAsync(new(Kinds.Deployment, Stage.Namespace, Stage.App), patch, null, CancellationToken.None);
}
