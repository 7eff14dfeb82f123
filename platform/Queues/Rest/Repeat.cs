namespace CanaryFunctions.Platform.Queues.Rest;

/// <summary>When a request may be sent again by itself.</summary>
internal enum Repeat
{
    /// <summary>Whenever it did not succeed for a passing reason: done twice it does no more than done once.</summary>
    Freely,

    /// <summary>Only when the service did nothing: it said that it is busy, or no connection came about. Anything else could double a message.</summary>
    IfNothingWasDone,

    /// <summary>Never: the caller asks again in its own time.</summary>
    Never,
}
