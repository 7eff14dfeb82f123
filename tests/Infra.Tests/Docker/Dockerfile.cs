using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CanaryFunctions.Infra.Tests.Docker;

/// <summary>One of infra/docker, as far as it can be read without building it.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(string name, IReadOnlyList<(string Word, string Value)> instructions) => (Name, Instructions) = (name, instructions);

    /// <summary>The image's name.</summary>
    public string Name { get; }

    /// <summary>In order, with continued lines joined.</summary>
    public IReadOnlyList<(string Word, string Value)> Instructions { get; }

    /// <summary>Those after the last FROM.</summary>
    public IEnumerable<(string Word, string Value)> Final => Instructions.Skip(Instructions.Select((i, at) => i.Word == "FROM" ? at : -1).Max());

    /// <summary>The command that publishes the program.</summary>
    public string Publishing => Instructions.Single(i => i.Word == "RUN" && Publish().IsMatch(i.Value)).Value;

    /// <summary>The folder that it publishes.</summary>
    public string Project => Publish().Match(Publishing).Groups[1].Value;

    /// <summary>Name of the program that the project makes.</summary>
    public string Assembly
    {
        get
        {
            var file = Checkout.Below(Project, "*.csproj").Single();
            return XDocument.Parse(Checkout.Read(file)).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(file);
        }
    }

    public static Dockerfile Read(string file)
    {
        var lines = Checkout.Read(file).Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(l => l.Length > 0 && !l.StartsWith('#'));
        return new(Path.GetFileName(file).Replace(".Dockerfile", "", StringComparison.Ordinal), [.. lines.Select(l => l.Split(' ', 2)).Select(w => (w[0], w[1]))]);
    }

    /// <summary>What an instruction of the last stage says; it is there once.</summary>
    public string Last(string word) => Final.Single(i => i.Word == word).Value;

    [GeneratedRegex(@"^dotnet (?:publish|msbuild) (\S+)")]
    private static partial Regex Publish();
}
