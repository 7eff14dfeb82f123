namespace CanaryFunctions.LoadTester.Shell;

/// <summary>The environment variables that tasks get on top of the load tester's own.</summary>
internal static class ShellEnvironment
{
    private const string Loopback = "localhost,127.0.0.1,::1";

    public static IReadOnlyDictionary<string, string> For(LoadTesterOptions options)
    {
        var variables = new Dictionary<string, string>(options.ShellEnvironment, StringComparer.Ordinal) { ["POD_NAMESPACE"] = options.Namespace };
        if (options.HttpProxy is { } proxy)
        {
            // Lower case, for curl reads http_proxy in no other spelling. An inherited no_proxy could name the cluster's domains.
            variables["http_proxy"] = proxy.ToString();
            variables["no_proxy"] = Loopback;
            variables["NO_PROXY"] = Loopback;
        }

        return variables;
    }
}
