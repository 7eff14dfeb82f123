namespace CanaryFunctions.LoadTester.Endpoints;

/// <summary>One path. <see cref="Method"/> null takes any method, for what only reads.</summary>
internal sealed record Route(string Path, string? Method, RequestDelegate Handle)
{
    /// <summary>The last segment is a value, which the handler reads.</summary>
    public bool IsPrefix { get; init; }

    public override string ToString() => $"{(Method is null ? "" : Method + " ")}{Path}{(IsPrefix ? "{id}" : "")}";

    public bool Matches(string path) => IsPrefix ? path.Length > Path.Length && path.StartsWith(Path, StringComparison.Ordinal) : path == Path;
}
