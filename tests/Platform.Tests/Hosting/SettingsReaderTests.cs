using System.Reflection;
using CanaryFunctions.Core;
using CanaryFunctions.Platform.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Tests.Hosting;

public class SettingsReaderTests
{
    /// <summary>Every option, its flag, its variable, a value and what becomes of it.</summary>
    public static TheoryData<string, string, string, string, string> Settings => new()
    {
        { nameof(CanaryOptions.MeshProvider), "mesh-provider", "MESH_PROVIDER", "skipper", "skipper" },
        { nameof(CanaryOptions.MetricsServer), "metrics-server", "METRICS_SERVER", "http://prom:9090", "http://prom:9090" },
        { nameof(CanaryOptions.Namespace), "namespace", "NAMESPACE", "test", "test" },
        { nameof(CanaryOptions.SelectorLabels), "selector-labels", "SELECTOR_LABELS", "app, k8s-app", "app;k8s-app" },
        { nameof(CanaryOptions.IncludeLabelPrefixes), "include-label-prefix", "INCLUDE_LABEL_PREFIX", "a,b/", "a;b/" },
        { nameof(CanaryOptions.ClusterName), "cluster-name", "CLUSTER_NAME", "prod", "prod" },
        { nameof(CanaryOptions.NoCrossNamespaceRefs), "no-cross-namespace-refs", "NO_CROSS_NAMESPACE_REFS", "true", "True" },
        { nameof(CanaryOptions.EventWebhook), "event-webhook", "EVENT_WEBHOOK_URL", "https://events.example/x", "https://events.example/x" },
        { nameof(CanaryOptions.SlackUrl), "slack-url", "SLACK_URL", "https://hooks.slack.com/x", "https://hooks.slack.com/x" },
        { nameof(CanaryOptions.SlackToken), "slack-token", "SLACK_TOKEN", "xoxb", "xoxb" },
        { nameof(CanaryOptions.SlackUser), "slack-user", "SLACK_USER", "bot", "bot" },
        { nameof(CanaryOptions.SlackChannel), "slack-channel", "SLACK_CHANNEL", "ops", "ops" },
        { nameof(CanaryOptions.SlackProxyUrl), "slack-proxy-url", "SLACK_PROXY_URL", "http://proxy:3128", "http://proxy:3128" },
        { nameof(CanaryOptions.MsTeamsUrl), "msteams-url", "MSTEAMS_URL", "https://x.webhook.office.com/y", "https://x.webhook.office.com/y" },
        { nameof(CanaryOptions.MsTeamsProxyUrl), "msteams-proxy-url", "MSTEAMS_PROXY_URL", "http://proxy:3128", "http://proxy:3128" },
        { nameof(CanaryOptions.MinimumInterval), "minimum-interval", "MINIMUM_INTERVAL", "1m30s", "00:01:30" },
        { nameof(CanaryOptions.Speed), "speed", "SPEED", "20", "20" },
    };

    private static CanaryOptions Read(params (string Name, string Value)[] settings)
        => SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value)).Build());

    private static string Show(CanaryOptions options, string property) => typeof(CanaryOptions).GetProperty(property)!.GetValue(options) switch
    {
        IEnumerable<string> list => string.Join(';', list),
        var value => $"{value}",
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Read_FlagOrVariable_IsTakenAndTheVariableWins(string property, string flag, string variable, string value, string expected)
    {
        Show(Read((flag, value)), property).ShouldBe(expected);
        Show(Read((variable, value)), property).ShouldBe(expected);
        Show(new CanaryOptions(), property).ShouldNotBe(expected);
        if (!flag.Equals(variable, StringComparison.OrdinalIgnoreCase))
        {
            Show(Read((flag, "not this"), (variable, value)), property).ShouldBe(expected);
            Show(Read((flag, value), (variable, "")), property).ShouldBe(expected);
        }
    }

    [Fact]
    public void Settings_CoverEveryOption()
    {
        // A new option without a setting's name fails here.
        var options = typeof(CanaryOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => p.Name).Order();

        options.ShouldBe(Settings.Select(row => (string)((object[])row)[0]).Order());
    }

    [Fact]
    public void Read_NothingSet_GivesTheDefaults()
    {
        var options = Read();

        options.MeshProvider.ShouldBeNull();
        options.MetricsServer.ShouldBe("http://prometheus:9090");
        options.SelectorLabels.ShouldBe(["app", "name", "app.kubernetes.io/name"]);
    }

    [Fact]
    public void Read_ManyWrong_AreAllToldAtOnceWithoutSecrets()
    {
        var error = Should.Throw<SettingsException>(() => Read(
            ("metrics-server", "prometheus"),
            ("SLACK_URL", "xoxb-secret"),
            ("no-cross-namespace-refs", "yes"),
            ("minimum-interval", "10"),
            ("speed", "0"),
            ("namespace", "Not A Name"),
            ("selector-labels", ",")));

        error.Problems.Select(p => p.Name).ShouldBe(
            ["metrics-server", "no-cross-namespace-refs", "slack-url", "minimum-interval", "speed", "namespace", "selector-labels"]);
        error.Message.ShouldStartWith("7 settings cannot be used.");
        error.Message.ShouldContain("minimum-interval: '10' must be a positive duration such as 30s or 1m30s.");
        error.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Sources_CommandLineAsGoWritesIt_IsUnderstood()
    {
        using var folder = new TempFolder();
        folder.Write("appsettings.json", """{"cluster-name":"from file","mesh-provider":"from file"}""");

        var options = SettingsReader.Read(SettingsReader.Sources(folder.Path, ["-mesh-provider=skipper", "-no-cross-namespace-refs", "--slack-user", "bot"]));

        (options.MeshProvider, options.ClusterName, options.NoCrossNamespaceRefs, options.SlackUser).ShouldBe(("skipper", "from file", true, "bot"));
    }
}
