using System.Text.Json.Nodes;
using CanaryFunctions.Functions.Tests.Host;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.TestKit;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Functions.Tests.Publishing;

[Collection(PublishedCollection.Name)]
public sealed class PublishTests(PublishedApp app)
{
    [Theory]
    [InlineData("servicebus")]
    [InlineData("storage")]
    public async Task Publish_WritesAFolderForEachFunction(string queue)
    {
        var folder = await app.FolderAsync(queue);

        var files = new JsonObject(FunctionFile.ReadAll(folder)
            .Select(f => KeyValuePair.Create(f.Name, JsonNode.Parse(File.ReadAllText(Path.Combine(folder, f.Name, "function.json"))))));
        Golden.Load("functions-host", "published", queue, GoldenFormat.Json).AssertMatches(files);
    }

    [Fact]
    public async Task Publish_Twice_GivesTheSameBytes()
    {
        var (first, second) = (await app.FolderAsync("servicebus"), await app.CopyAsync("servicebus"));
        (await app.TryPublishAsync("servicebus", second)).ShouldBeEmpty();

        var files = Directory.GetFiles(second, "function.json", SearchOption.AllDirectories);
        files.Length.ShouldBe(4);
        foreach (var file in files.Append(Path.Combine(second, "appsettings.json")))
        {
            File.ReadAllText(file).ShouldBe(File.ReadAllText(Path.Combine(first, Path.GetRelativePath(second, file))), file);
        }
    }

    [Fact]
    public async Task Publish_ForAQueueThatDoesNotExist_IsRefused()
        => (await app.TryPublishAsync("kafka", Path.GetTempPath())).ShouldContain("Queue: 'kafka' is no queue that the Functions host receives from; use servicebus or storage.");

    [Theory]
    [InlineData("servicebus", StepQueueKind.ServiceBus, TriggerKind.ServiceBus)]
    [InlineData("storage", StepQueueKind.Storage, TriggerKind.StorageQueue)]
    public async Task Publish_SendsToTheQueueThatTheHostReceivesFrom(string queue, StepQueueKind kind, TriggerKind trigger)
    {
        var folder = await app.FolderAsync(queue);
        var functions = FunctionFile.ReadAll(folder).Where(f => f.Kind != TriggerKind.Timer).ToList();

        functions.ShouldAllBe(f => f.Kind == trigger);
        var connection = functions.Select(f => f.Connection).Distinct().Single();
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"))
            .AddInMemoryCollection(new Dictionary<string, string?> { [connection] = Settings.ConnectionOf(queue) })
            .Build();
        StepQueueSettings.Read(configuration).Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task HostFile_LeavesInvocationsTimeToEnd()
    {
        var file = HostFile.Read(await app.FolderAsync("servicebus"));
        var options = new CustomHandlerOptions { Port = 0 };

        // At the host's timeout all invocations of the process die with it, and beyond the lock another worker has the message.
        options.Deadline.ShouldBeLessThan(file.FunctionTimeout);
        options.Deadline.ShouldBeLessThan(file.LockRenewal);
        file.IsBase64.ShouldBeTrue("the Storage queue sends base64");
        file.VisibilityTimeout.ShouldBeGreaterThan(TimeSpan.Zero, "retries without a wait end within an outage of seconds");
    }
}
