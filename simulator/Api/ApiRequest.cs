namespace CanaryFunctions.Simulator.Api;

/// <summary>One request, as the request log and the fault hook see it.</summary>
public sealed record ApiRequest
{
    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; of a path that is no resource: the HTTP method in lower case.</summary>
    public required string Verb { get; init; }

    /// <summary>The path without its query.</summary>
    public required string Path { get; init; }

    /// <summary>The query, with its leading question mark; empty without one.</summary>
    public required string Query { get; init; }

    /// <summary>The API group; empty for the core group and for paths that are no resource.</summary>
    public string Group { get; init; } = "";

    /// <summary>The plural resource name; empty for paths that are no resource.</summary>
    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>Who asks; empty for an anonymous request.</summary>
    public string User { get; init; } = "";

    public string UserAgent { get; init; } = "";

    public bool DryRun { get; init; }

    /// <summary>The HTTP status that was answered; 0 before there is one and for connections that a fault dropped.</summary>
    public int Status { get; init; }

    /// <summary>True for requests that change something.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";
}
