using System.Text.RegularExpressions;
using CanaryFunctions.Core;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Hosting.Settings;

/// <summary>
/// Reads the install's settings (contracts/core.md 5.1): each under the contract's flag name (<c>mesh-provider</c>) and as an environment variable
/// (<c>MESH_PROVIDER</c>), which wins where it is not empty; names of one word are the same key in both, there the later source wins.
/// Whether a provider of that name exists is the caller's check.
/// </summary>
public static partial class SettingsReader
{
    /// <exception cref="SettingsException">Lists every setting that cannot be used.</exception>
    public static CanaryOptions Read(IConfiguration configuration)
    {
        var source = new SettingsSource(configuration);
        var defaults = new CanaryOptions();
        var options = new CanaryOptions
        {
            MeshProvider = source.Find("mesh-provider")?.Trim(),
            MetricsServer = source.Url("metrics-server", defaults.MetricsServer, isSecret: false),
            Namespace = source.Text("namespace", defaults.Namespace),
            SelectorLabels = source.List("selector-labels", defaults.SelectorLabels),
            IncludeLabelPrefixes = source.List("include-label-prefix", defaults.IncludeLabelPrefixes),
            ClusterName = source.Text("cluster-name", defaults.ClusterName),
            NoCrossNamespaceRefs = source.Flag("no-cross-namespace-refs", defaults.NoCrossNamespaceRefs),
            EventWebhook = source.Url("event-webhook", defaults.EventWebhook, isSecret: true, variable: "EVENT_WEBHOOK_URL"),
            SlackUrl = source.Url("slack-url", defaults.SlackUrl, isSecret: true),
            SlackToken = source.Text("slack-token", defaults.SlackToken),
            SlackUser = source.Text("slack-user", defaults.SlackUser),
            SlackChannel = source.Text("slack-channel", defaults.SlackChannel),
            SlackProxyUrl = source.Url("slack-proxy-url", defaults.SlackProxyUrl, isSecret: true),
            MsTeamsUrl = source.Url("msteams-url", defaults.MsTeamsUrl, isSecret: true),
            MsTeamsProxyUrl = source.Url("msteams-proxy-url", defaults.MsTeamsProxyUrl, isSecret: true),
            MinimumInterval = source.Duration("minimum-interval", defaults.MinimumInterval),
            Speed = source.Number("speed", defaults.Speed, min: 1, max: 1000),
        };
        Check(options, source);
        return source.Problems.Count == 0 ? options : throw new SettingsException(source.Problems);
    }

    /// <summary>
    /// The file that the flag <c>kubeconfig</c> names; empty without it. Configuration keys know no case, so the variable KUBECONFIG answers to the same key, but
    /// that is a list of files, which whoever connects reads from the environment.
    /// </summary>
    public static string KubeConfig(IConfiguration configuration)
        => configuration["kubeconfig"] is { } file && file != Environment.GetEnvironmentVariable("KUBECONFIG") ? file : "";

    /// <summary>A setting of a program's own: the environment wins where it is not empty; null when neither says anything.</summary>
    public static string? Find(IConfiguration configuration, string name) => new SettingsSource(configuration).Find(name);

    /// <summary>A setting of a program's own that is true or false.</summary>
    /// <exception cref="SettingsException">It is neither.</exception>
    public static bool Flag(IConfiguration configuration, string name, bool fallback)
    {
        var source = new SettingsSource(configuration);
        var value = source.Flag(name, fallback);
        return source.Problems.Count == 0 ? value : throw new SettingsException(source.Problems);
    }

    /// <summary>Lets several readers look first, so that what is wrong with the settings of all of them is told at once.</summary>
    /// <exception cref="SettingsException">Lists every setting that cannot be used.</exception>
    public static void Check(params ReadOnlySpan<Action> readers)
    {
        var problems = new List<SettingProblem>();
        foreach (var read in readers)
        {
            try
            {
                read();
            }
            catch (SettingsException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        if (problems.Count > 0)
        {
            throw new SettingsException(problems);
        }
    }

    /// <summary>Where processes take settings from: <c>appsettings.json</c> beside the program, the environment, the command line; the latter win.</summary>
    /// <param name="folder">Holds <c>appsettings.json</c>, if there is one.</param>
    public static IConfiguration Sources(string folder, string[] arguments)
    {
        // No reload: a watch a process uses up the few inotify instances of a small machine.
        return new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables()
            .AddCommandLine(Normalised(arguments))
            .Build();
    }

    /// <summary>Go's flags may have one dash or two, and one without a value is true.</summary>
    private static string[] Normalised(string[] arguments)
    {
        var result = new List<string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith('-'))
            {
                result.Add(arguments[i]);
                continue;
            }

            var flag = $"--{arguments[i].TrimStart('-')}";
            var hasValue = flag.Contains('=', StringComparison.Ordinal) || (i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-'));
            result.Add(hasValue ? flag : $"{flag}=true");
        }

        return [.. result];
    }

    private static void Check(CanaryOptions options, SettingsSource source)
    {
        if (options.Namespace.Length > 0 && !NamespaceName().IsMatch(options.Namespace))
        {
            source.Refuse("namespace", options.Namespace, "must be one namespace: lower case letters, digits and -, at most 63.", true);
        }

        if (options.SelectorLabels.Count == 0)
        {
            source.Refuse("selector-labels", source.Text("selector-labels", ""), "must name at least one label, such as app.", true);
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();
}
