using CanaryFunctions.Core.Ports;

namespace CanaryFunctions.Providers.Tests.Metrics;

/// <summary>Keeps the calls and gives one answer.</summary>
internal sealed class FakeHttpCaller : IHttpCaller
{
    private readonly Func<HttpAnswer> _answer;

    private FakeHttpCaller(Func<HttpAnswer> answer) => _answer = answer;

    public List<HttpCall> Calls { get; } = [];

    public static FakeHttpCaller Answers(string body, int status = 200) => new(() => new(status, body));

    public static FakeHttpCaller Fails(string message) => new(() => throw new HttpCallException(message));

    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Calls.Add(call);
        return Task.FromResult(_answer());
    }
}
