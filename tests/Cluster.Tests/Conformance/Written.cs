namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>
/// A server changes what its cache holds, and where that was old it begins again and asks the webhooks once more. Reading what was written, at least as new as it is,
/// makes it wait for its cache, so that the next change asks once.
/// </summary>
internal static class Written
{
    /// <summary>The path of such a read; null when nothing was stored.</summary>
    internal static string? By(HttpMethod method, string path, Answer answer)
    {
        if ((method != HttpMethod.Post && method != HttpMethod.Put && method != HttpMethod.Patch) || path.Contains("dryRun", StringComparison.Ordinal) || !answer.Text.StartsWith('{'))
        {
            return null;
        }

        var plain = path.Split('?')[0];
        var (version, name) = ((string?)Answer.Field(answer.Json, "metadata/resourceVersion"), (string?)Answer.Field(answer.Json, "metadata/name"));
        if (string.IsNullOrEmpty(version) || string.IsNullOrEmpty(name))
        {
            return null;
        }

        var stored = method == HttpMethod.Post ? $"{plain}/{name}" : plain[..(plain.LastIndexOf($"/{name}", StringComparison.Ordinal) + name.Length + 1)];
        return $"{stored}?resourceVersion={version}";
    }
}
