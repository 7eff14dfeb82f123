using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Faults;

/// <summary>Something that goes wrong while releases are under way, and what must be true all the same.</summary>
internal abstract class Fault
{
    /// <summary>As the report has it.</summary>
    internal abstract string Name { get; }

    /// <summary>A DNS label without dashes.</summary>
    internal string Namespace => GetType().Name.ToLowerInvariant();

    /// <summary>Our process dies unasked: a crash between a POST and its record repeats an alert.</summary>
    internal virtual bool Kills => false;

    /// <summary>Whether the API server takes events while it lasts.</summary>
    internal virtual bool HasEvents => true;

    /// <summary>What the release needs besides the pace that all have.</summary>
    /// <param name="analysis">The Canary's <c>spec.analysis</c>.</param>
    internal virtual void Edit(JsonObject analysis)
    {
    }

    /// <summary>Does it, with releases under way, and waits for their ends. What was taken away is given back.</summary>
    /// <returns>What happened, in words.</returns>
    internal abstract Task<string> PlayAsync(FaultRun run);
}
