namespace CanaryFunctions.Core.Analysis;

/// <summary>The ready-made checks of one routing provider: query templates for <c>request-success-rate</c> and <c>request-duration</c>. Found by the provider's exact name.</summary>
public interface IBuiltInChecks : INamed
{
    /// <summary>Template whose value is a percentage.</summary>
    string SuccessRateQuery { get; }

    /// <summary>Template whose value is a time in <see cref="DurationUnit"/>.</summary>
    string DurationQuery { get; }

    /// <summary>What one unit of the duration query is.</summary>
    TimeSpan DurationUnit { get; }

    /// <summary>Characters outside <c>[0-9A-Za-z_]</c> in names become <c>_</c> before rendering, as the provider itself does in its series.</summary>
    bool EncodesNames { get; }
}
