namespace CanaryFunctions.Core.Canaries;

/// <summary><c>status.phase</c> (contracts/core.md 2.2). <see cref="None"/> is written as the empty string.</summary>
public enum CanaryPhase
{
    /// <summary>Just created.</summary>
    None,

    /// <summary>The primary is being made from the target.</summary>
    Initializing,

    /// <summary>The primary serves; nothing was released yet.</summary>
    Initialized,

    /// <summary>A new revision waits for the confirm-rollout hooks.</summary>
    Waiting,

    /// <summary>A new revision is being analysed.</summary>
    Progressing,

    /// <summary>The analysis is done, the confirm-promotion hooks say no; checks go on.</summary>
    WaitingPromotion,

    /// <summary>The primary runs the analysed template and rolls.</summary>
    Promoting,

    /// <summary>All traffic is back on the primary.</summary>
    Finalising,

    /// <summary>The revision is promoted.</summary>
    Succeeded,

    /// <summary>The revision was rolled back, or its promotion failed.</summary>
    Failed,

    /// <summary>The Canary is being deleted.</summary>
    Terminating,

    /// <summary>Everything is as before the Canary came.</summary>
    Terminated,
}
