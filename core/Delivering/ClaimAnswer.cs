using CanaryFunctions.Core.Canaries;

namespace CanaryFunctions.Core.Delivering;

/// <summary>What came of asking for the right to tell a receiver.</summary>
public abstract record ClaimAnswer
{
    private ClaimAnswer()
    {
    }

    /// <summary>The Canary does not exist any more.</summary>
    public sealed record Gone : ClaimAnswer;

    /// <summary>The receiver has been told.</summary>
    public sealed record Told : ClaimAnswer;

    /// <summary>Somebody else is at it.</summary>
    public sealed record Held(DateTimeOffset Until) : ClaimAnswer;

    /// <summary>To be told, and <see cref="DeliveryClaims.EndAsync"/> called, by whoever asked.</summary>
    /// <param name="Canary">As it was written with the claim.</param>
    public sealed record Mine(Canary Canary, DeliveryClaim Claim) : ClaimAnswer;
}
