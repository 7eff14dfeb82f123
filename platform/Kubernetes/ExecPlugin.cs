using System.Text.Json.Nodes;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>The command of a kubeconfig's <c>exec</c> section (contracts/azure-keda.md 5.2).</summary>
/// <param name="Place">Names the section, for messages.</param>
/// <param name="Input">The document the plugin gets in <c>KUBERNETES_EXEC_INFO</c>.</param>
internal sealed record ExecPlugin(
    string Place, string Command, IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Variables, string ApiVersion, string Input)
{
    private const string Group = "client.authentication.k8s.io";

    /// <summary>What to tell a person who has not installed the command.</summary>
    public string? InstallHint { get; init; }

    public static ExecPlugin Read(KubeConfigEntry exec, KubeConfigEntry cluster)
    {
        var apiVersion = exec.Text("apiVersion") ?? "";
        if (apiVersion is not ($"{Group}/v1" or $"{Group}/v1beta1"))
        {
            throw new KubeConfigException($"{exec.Place}.apiVersion: '{apiVersion}' is not supported; use {Group}/v1 or {Group}/v1beta1.");
        }

        if (exec.Text("interactiveMode") == "Always")
        {
            throw new KubeConfigException($"{exec.Place}.interactiveMode: 'Always' needs a terminal, and this process has none; use Never or IfAvailable.");
        }

        var command = exec.Text("command") ?? throw new KubeConfigException($"{exec.Place}.command is missing.");

        // A bare name is looked up in PATH; anything with a folder in it is relative to the kubeconfig.
        command = command.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar) ? Path.Combine(exec.Directory, command) : command;
        return new ExecPlugin(
            exec.Place,
            command,
            [.. exec.Texts("args")],
            [.. exec.Maps("env").Select(e => KeyValuePair.Create(e.Text("name") ?? "", e.Text("value") ?? "")).Where(e => e.Key.Length > 0)],
            apiVersion,
            ExecInfo(apiVersion, exec.Flag("provideClusterInfo") ? cluster : null))
        {
            InstallHint = exec.Text("installHint"),
        };
    }

    private static string ExecInfo(string apiVersion, KubeConfigEntry? cluster)
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (cluster is not null)
        {
            var info = new JsonObject();
            foreach (var key in new[] { "server", "tls-server-name", "certificate-authority-data", "proxy-url" })
            {
                if (cluster.Text(key) is { } text)
                {
                    info[key] = text;
                }
            }

            if (cluster.Flag("insecure-skip-tls-verify"))
            {
                info["insecure-skip-tls-verify"] = true;
            }

            spec["cluster"] = info;
        }

        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = "ExecCredential", ["spec"] = spec }.ToJsonString();
    }
}
