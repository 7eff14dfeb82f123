using System.CommandLine;
using CanaryFunctions.Cli.Output;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Cli.Scenarios;
using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Cli.Commands;

/// <summary><c>canary demo</c>: a good release that is promoted and a bad one that is rolled back, on the embedded cluster, by the provider's guide.</summary>
internal static class DemoCommand
{
    internal static Command Create()
    {
        var provider = CommandOptions.Provider();
        var speed = CommandOptions.Speed(20);
        var scenario = new Option<string>("--scenario") { Description = "promote, rollback or both.", DefaultValueFactory = _ => "both" };
        scenario.AcceptOnlyFromAmong("promote", "rollback", "both");
        var command = new Command("demo", "Watch a release being promoted and another one rolled back, on an embedded cluster.") { provider, speed, scenario };
        command.SetAction((arguments, ct) => RunAsync(
            arguments.GetValue(provider)!, arguments.GetValue(speed), arguments.GetValue(scenario)!, ct));
        return command;
    }

    private static async Task<int> RunAsync(string provider, double speed, string scenario, CancellationToken ct)
    {
        var narrator = Narrator.OnStandardOutput();
        try
        {
            await using var inbox = await ChatInbox.StartAsync(ct);
            inbox.Received += narrator.Chat;
            await using var playground = await Playground.Playground.StartAsync(
                new(speed, provider) { SlackUrl = inbox.SlackUrl.ToString(), TeamsUrl = inbox.TeamsUrl.ToString() }, ct);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var feed = new ReleaseFeed(playground.Client, narrator, TimeProvider.System);
            var following = feed.RunAsync(stop.Token);
            var isGood = await new Demo(playground, feed, narrator, GuideScript.Of(provider), speed).RunAsync(scenario, ct);
            await stop.CancelAsync();
            await following;
            return isGood ? 0 : 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            narrator.Note("stopped");
            return 130;
        }
        catch (Exception e) when (e is IOException or ClusterException)
        {
            narrator.Failure(e.Message);
            return 1;
        }
    }
}
