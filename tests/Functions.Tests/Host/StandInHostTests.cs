using System.Net;
using System.Text;
using CanaryFunctions.Functions.Tests.Publishing;

namespace CanaryFunctions.Functions.Tests.Host;

/// <summary>The stand-in is as strict as it says: a test on a lenient one would prove nothing.</summary>
[Collection(PublishedCollection.Name)]
public sealed class StandInHostTests(PublishedApp app)
{
    [Theory]
    [InlineData("function.json", "\"queueName\"", "\"queue\"", "queueName: '(nothing)' must be a text")]
    [InlineData("function.json", "\"cardinality\": \"one\",", "\"cardinality\": \"one\", \"sessions\": true,", "keys that the host does not know: sessions")]
    [InlineData("function.json", "\"autoCompleteMessages\": true", "\"autoCompleteMessages\": false", "must be true")]
    [InlineData("function.json", "\"connection\": \"ServiceBus\"", "\"connection\": \"Bus\"", "there is no setting for the connection 'Bus'")]
    [InlineData("host.json", "\"maxConcurrentCalls\"", "\"maxConcurrentCall\"", "keys that the host does not know: maxConcurrentCall")]
    [InlineData("host.json", "[4.*, 5.0.0)", "[3.*, 4.0.0)", "must be a range of version 4")]
    [InlineData("host.json", "\"CanaryFunctions.Functions\"", "\"handler\"", "is no file of the app's folder")]
    [InlineData("host.json", "\"00:10:00\"", "\"10m\"", "must be a time as hh:mm:ss")]
    public async Task Files_ThatTheHostWouldMisread_AreRefused(string file, string text, string instead, string problem)
    {
        var folder = await app.CopyAsync("servicebus");
        var path = Path.Combine(folder, file == "host.json" ? "" : nameof(AdvanceRollout), file);
        var content = File.ReadAllText(path);
        content.ShouldContain(text);
        File.WriteAllText(path, content.Replace(text, instead, StringComparison.Ordinal));

        (await StartAsync(folder)).Message.ShouldContain(problem);
    }

    [Theory]
    [InlineData(0, "exit code 0 is never restarted", 1)]
    [InlineData(7, "3 failures, the last with exit code 7.", 3)]
    public async Task ProcessThatEnds_IsStartedAgain_ButNotAfterZero(int exit, string problem, int starts)
    {
        var folder = await app.CopyAsync("servicebus");
        var program = Path.Combine(folder, "CanaryFunctions.Functions");
        File.WriteAllText(program, $"#!/bin/sh\necho started >> starts\nexit {exit}\n");

        (await StartAsync(folder)).Message.ShouldStartWith(problem);
        File.ReadAllLines(Path.Combine(folder, "starts")).Length.ShouldBe(starts);
    }

    [Theory]
    [InlineData(200, "{}", "application/json; charset=utf-8", true)]
    [InlineData(200, """{"outputs":{},"LOGS":["a"],"ReturnValue":null}""", "text/json", true)]
    [InlineData(200, "{}", "text/plain", false)]
    [InlineData(200, "{}", "application/problem+json", false)]
    [InlineData(200, "{}", null, false)]
    [InlineData(200, "not json", "application/json", false)]
    [InlineData(500, "{}", "application/json", false)]
    [InlineData(302, "{}", "application/json", false)]
    public async Task Answer_IsTakenAsTheHostTakesIt(int status, string body, string? contentType, bool isSuccess)
    {
        using var response = Response(status, body, contentType);
        (await HandlerAnswer.ReadAsync(response, CancellationToken.None)).IsSuccess.ShouldBe(isSuccess);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "null")]
    [InlineData(204, "")]
    public async Task Answer_ThatHangsTheHost_IsRefused(int status, string body)
    {
        using var response = Response(status, body, "application/json");
        (await Should.ThrowAsync<HostRefusesException>(() => HandlerAnswer.ReadAsync(response, CancellationToken.None))).Message.ShouldContain("hangs the host");
    }

    private static HttpResponseMessage Response(int status, string body, string? contentType)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            RequestMessage = new(HttpMethod.Post, new Uri("http://127.0.0.1/It")),
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }

    private Task<HostRefusesException> StartAsync(string folder)
        => Should.ThrowAsync<HostRefusesException>(() => StandInHost.StartAsync(folder, Settings.Of(app.Kubeconfig(new Uri("http://127.0.0.1:9/")))));
}
