using System.Text;
using YamlDotNet.RepresentationModel;

namespace CanaryFunctions.Platform.Kubernetes;

/// <summary>A map of a kubeconfig, with the place it stands at, for paths and for messages.</summary>
internal sealed class KubeConfigEntry(YamlMappingNode map, string directory, string place)
{
    public string Directory => directory;

    public string Place => place;

    /// <summary>The text at the key; null when absent, empty or <c>null</c>.</summary>
    public string? Text(string key)
        => Node(key) is YamlScalarNode { Value.Length: > 0 } scalar && scalar.Value is not ("null" or "~") ? scalar.Value : null;

    public bool Flag(string key) => Text(key) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw new KubeConfigException($"{place}.{key}: '{other}' must be true or false."),
    };

    public Uri? Url(string key) => Text(key) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) ? url
        : throw new KubeConfigException($"{place}.{key}: '{text}' is not a URL.");

    public KubeConfigEntry? Map(string key) => Node(key) is YamlMappingNode found ? new KubeConfigEntry(found, directory, $"{place}.{key}") : null;

    public IEnumerable<string> Texts(string key)
        => Node(key) is YamlSequenceNode list ? list.Children.OfType<YamlScalarNode>().Select(s => s.Value ?? "") : [];

    public IEnumerable<KubeConfigEntry> Maps(string key)
        => Node(key) is YamlSequenceNode list
            ? list.Children.OfType<YamlMappingNode>().Select((m, i) => new KubeConfigEntry(m, directory, $"{place}.{key}[{i}]"))
            : [];

    /// <summary>The path at the key; a relative one is relative to the kubeconfig's own folder.</summary>
    public string? FilePath(string key) => Text(key) is { } path ? Path.Combine(directory, path) : null;

    /// <summary>What stands in <c>KEY-data</c> as base64, else the file that <c>KEY</c> names; null when there is neither.</summary>
    public CachedText? Content(string key, TimeProvider time)
    {
        if (Text($"{key}-data") is { } data)
        {
            try
            {
                return CachedText.Constant(Encoding.UTF8.GetString(Convert.FromBase64String(data)));
            }
            catch (FormatException e)
            {
                throw new KubeConfigException($"{place}.{key}-data is not base64.", e);
            }
        }

        return FilePath(key) is { } path ? CachedText.File(path, $"{place}.{key}", time) : null;
    }

    private YamlNode? Node(string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;
}
