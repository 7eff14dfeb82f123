using CanaryFunctions.Simulator.Pods.Logs;

namespace CanaryFunctions.Simulator.Tests.Workloads;

public sealed class PodLogTests
{
    private readonly PodLog _log = new(TimeProvider.System);

    [Fact]
    public async Task Read_WithTail_GivesTheLastLinesOnly()
    {
        Append(1, 5);

        (await ReadAsync(tail: 2)).ShouldBe(["line 4", "line 5"]);
    }

    [Fact]
    public async Task Read_AfterMoreLinesThanAreKept_BeginsWithTheOldestKept()
    {
        Append(1, 1500);

        var lines = await ReadAsync(tail: null);

        lines.Count.ShouldBe(1000);
        (lines[0], lines[^1]).ShouldBe(("line 501", "line 1500"));
    }

    [Fact]
    public async Task Follow_GivesNewLines_AndEndsWithTheLog()
    {
        Append(1, 1);
        await using var reader = _log.ReadAsync(follow: true, null, null, CancellationToken.None).GetAsyncEnumerator();
        (await reader.MoveNextAsync()).ShouldBeTrue();
        var next = reader.MoveNextAsync();
        Append(2, 2);
        (await next).ShouldBeTrue();
        reader.Current.ShouldBe("line 2");

        _log.Close();

        (await reader.MoveNextAsync()).ShouldBeFalse();
    }

    private void Append(int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            _log.Append($"line {i}");
        }
    }

    private async Task<List<string>> ReadAsync(int? tail)
    {
        List<string> lines = [];
        await foreach (var line in _log.ReadAsync(follow: false, tail, null, CancellationToken.None))
        {
            lines.Add(line);
        }

        return lines;
    }
}
