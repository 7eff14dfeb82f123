using System.Threading.Channels;

namespace CanaryFunctions.Simulator.Api.Storage;

/// <summary>A subscription to one kind's changes. Dispose it to stop.</summary>
internal sealed class StoreWatch(string kind, Action<StoreWatch> stopped) : IDisposable
{
    private readonly Channel<StoreEvent> _events = Channel.CreateUnbounded<StoreEvent>(new() { SingleReader = true });

    public string Kind { get; } = kind;

    public ChannelReader<StoreEvent> Events => _events.Reader;

    public void Offer(StoreEvent change) => _events.Writer.TryWrite(change);

    public void Complete() => _events.Writer.TryComplete();

    public void Dispose()
    {
        stopped(this);
        Complete();
    }
}
