using CanaryFunctions.Core.Ports;
using CanaryFunctions.Platform.Hosting;
using CanaryFunctions.Platform.Hosting.Publishing;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Platform.Tests.Hosting;

/// <summary>What attributes become that no function of the product has; the others are golden cases of what is published.</summary>
public sealed class FunctionFoldersTests
{
    [Theory]
    [InlineData(QueueBinding.ServiceBus)]
    [InlineData(QueueBinding.Storage)]
    public void HttpFunction_HasAnAnswerBinding(QueueBinding queue)
        => new FunctionFolders(queue).Add<Gate>().Functions["OpenGate"].ToJsonString().ShouldBe(
            """{"bindings":[{"type":"httpTrigger","name":"request","direction":"in","authLevel":"admin","methods":["get","post"],"route":"gate/{name}"},{"type":"http","name":"res","direction":"out"}]}""");

    [Fact]
    public void HttpFunction_WithoutRoute_IsFoundByItsName()
        => new FunctionFolders(QueueBinding.Storage).Add<Plain>().Functions["Plain"].ToJsonString().ShouldContain("\"authLevel\":\"anonymous\",\"methods\":[\"get\"],\"route\":\"Plain\"");

    [Fact]
    public void Class_WithoutOneFunctionAndOneTrigger_IsRefused()
    {
        var folders = new FunctionFolders(QueueBinding.ServiceBus).Add<Plain>();

        Should.Throw<ArgumentException>(() => folders.Add<Delivered<int>>()).Message.ShouldContain("has 0 methods with [Function]");
        Should.Throw<ArgumentException>(() => folders.Add<Untriggered>()).Message.ShouldContain("Untriggered.Run has 0 triggers");
        Should.Throw<ArgumentException>(() => folders.Add<Plain>()).Message.ShouldContain("named 'Plain' already");
    }

    [Fact]
    public void Queue_ThatTheHostDoesNotReceiveFrom_IsRefused()
        => Should.Throw<FormatException>(() => QueueBindings.Parse("inprocess")).Message.ShouldBe("Queue: 'inprocess' is no queue that the Functions host receives from; use servicebus or storage.");

    internal sealed class Gate
    {
        [Function("OpenGate")]
        public static void Run([HttpTrigger(AuthorizationLevel.Admin, "GET", "POST", Route = "gate/{name}")] HttpContext request) => request.Abort();
    }

    internal sealed class Plain
    {
        [Function("Plain")]
        public static void Run([HttpTrigger(AuthorizationLevel.Anonymous, "GET")] HttpContext request) => request.Abort();
    }

    internal sealed class Untriggered
    {
        [Function("Untriggered")]
        public static void Run(CancellationToken ct) => ct.ThrowIfCancellationRequested();
    }
}
