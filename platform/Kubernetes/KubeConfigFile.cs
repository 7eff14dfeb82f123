using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>One kubeconfig document as it stands in its file. Kubeconfigs are merged entry by entry, and an entry's relative paths belong to its own file.</summary>
internal sealed class KubeConfigFile(YamlMappingNode root, string directory, string origin)
{
    public string? CurrentContext => Text(root, "current-context");

    public static KubeConfigFile Parse(string yaml, string directory, string origin)
    {
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(yaml);
            stream.Load(reader);
            return stream.Documents.Count > 0 && stream.Documents[0].RootNode is YamlMappingNode root
                ? new KubeConfigFile(root, directory, origin)
                : throw new KubeConfigException($"kubeconfig {origin} is empty or not a map of clusters, contexts and users.");
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"kubeconfig {origin} is not YAML: line {e.Start.Line}, column {e.Start.Column}.", e);
        }
    }

    /// <summary>The entry of that name below <c>clusters</c>, <c>contexts</c> or <c>users</c>; null when this file has none.</summary>
    /// <param name="list">Name of the list.</param>
    /// <param name="section">The key that holds the entry's content: <c>cluster</c>, <c>context</c> or <c>user</c>.</param>
    public KubeConfigEntry? Find(string list, string section, string name)
    {
        if (!root.Children.TryGetValue(new YamlScalarNode(list), out var node) || node is not YamlSequenceNode entries)
        {
            return null;
        }

        return entries.Children.OfType<YamlMappingNode>().FirstOrDefault(e => Text(e, "name") == name) is not { } entry ? null
            : entry.Children.TryGetValue(new YamlScalarNode(section), out var content) && content is YamlMappingNode map
                ? new KubeConfigEntry(map, directory, $"kubeconfig {origin}: {list}[{name}].{section}")
                : new KubeConfigEntry([], directory, $"kubeconfig {origin}: {list}[{name}].{section}");
    }

    private static string? Text(YamlMappingNode map, string key)
        => map.Children.TryGetValue(new YamlScalarNode(key), out var node) && node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
}
