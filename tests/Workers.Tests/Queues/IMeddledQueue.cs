using CanaryFunctions.TestKit.Queues;

namespace CanaryFunctions.Workers.Tests.Queues;

/// <summary>A queue service between the workers: it doubles messages, lets later ones overtake, and can be made to refuse.</summary>
internal interface IMeddledQueue : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What a worker is told in its environment.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    Meddler Meddler { get; }

    /// <summary>The line: cut, no connection comes about.</summary>
    TcpRelay Line { get; }

    /// <summary>Every request is answered with 503.</summary>
    bool IsBusy { get; set; }

    /// <summary>Messages that are there, by queue: ready, hidden, locked and scheduled ones, poison queues too. Empty queues are left out.</summary>
    Task<IReadOnlyDictionary<string, int>> LeftAsync();
}
