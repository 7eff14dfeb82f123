using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using Microsoft.Extensions.Configuration;

namespace CanaryFunctions.Platform.Kubernetes.Clusters;

/// <summary>
/// Reads the clusters that one process serves: <c>CLUSTERS__name__KUBECONFIG</c> and the like. Every other setting may be given for one cluster in the same way,
/// such as <c>CLUSTERS__name__METRICS_SERVER</c>; what is not is the install's.
/// </summary>
public static class FleetSettings
{
    private const string Section = "CLUSTERS";
    private const string NameKey = "CLUSTER_NAME";

    /// <summary>Empty where no clusters are named: then there is one, as everywhere else.</summary>
    /// <exception cref="SettingsException">Lists every setting of any of them that cannot be used.</exception>
    public static IReadOnlyList<ClusterSettings> Read(IConfiguration configuration)
    {
        var (clusters, problems) = (new List<ClusterSettings>(), new List<SettingProblem>());
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            var place = $"{Section}__{section.Key}";
            var source = new SettingsSource(configuration);
            var kubernetes = ClusterConnection.Read(configuration, section, place, source);
            var settings = Settings(configuration, section);
            var install = Try(() => SettingsReader.Read(settings), place, problems);
            var http = Try(() => HttpCallerSettings.Read(settings), place, problems);
            problems.AddRange(source.Problems);
            if (install is not null && http is not null && kubernetes is not null)
            {
                Add(clusters, new ClusterSettings(kubernetes, install, http), place, problems);
            }
        }

        return problems.Count == 0 ? clusters : throw new SettingsException(problems);
    }

    private static void Add(List<ClusterSettings> clusters, ClusterSettings cluster, string place, List<SettingProblem> problems)
    {
        if (clusters.Exists(c => c.Name.Equals(cluster.Name, StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add(new($"{place}__{NameKey}", cluster.Name, "is the name of another cluster already."));
        }

        clusters.Add(cluster);
    }

    // The cluster's own win, however they are spelt; its name is that of its section unless it has another.
    private static IConfigurationRoot Settings(IConfiguration configuration, IConfigurationSection section)
    {
        var own = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [NameKey] = section.Key };
        foreach (var setting in section.GetChildren().Where(s => !string.IsNullOrEmpty(s.Value)))
        {
            own[SettingsSource.VariableOf(setting.Key)] = setting.Value;
        }

        return new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(own).Build();
    }

    private static T? Try<T>(Func<T> read, string place, List<SettingProblem> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (SettingsException e)
        {
            problems.AddRange(e.Problems.Select(p => p with { Name = $"{place} {p.Name}" }));
            return null;
        }
    }
}
