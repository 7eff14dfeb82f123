using System.Xml.Linq;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>Who may reference whom: section 2 of the design.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["benchmarks"] = ["core", "platform", "providers", "simulator", "webhook"],
        ["core"] = [],
        ["loadtester"] = ["core"],
        ["platform"] = ["core"],
        ["providers"] = ["core"],
        ["simulator"] = ["core", "loadtester"],
        ["functions"] = ["core", "platform", "providers"],
        ["webhook"] = ["core", "platform", "providers"],
        ["cli"] = ["core", "functions", "platform", "providers", "simulator", "webhook"],
    };

    public static TheoryData<string> Products => [.. Repository.Projects.Select(Repository.FolderOf).Where(f => !f.StartsWith("tests/", StringComparison.Ordinal))];

    public static TheoryData<string> All => [.. Repository.Projects];

    [Theory]
    [MemberData(nameof(Products))]
    public void Product_ReferencesOnlyWhatItsPlaceAllows(string product)
    {
        Allowed.ShouldContainKey(product, "a new product needs a place in the dependency rule");
        References(ProjectOf(product)).Except(Allowed[product]).ShouldBeEmpty();
    }

    [Fact]
    public void DependencyRule_SpeaksOfProductsThatExist()
        => Allowed.Keys.Except(Repository.Projects.Select(Repository.FolderOf)).ShouldBeEmpty();

    [Fact]
    public void Core_HasOnlyAbstractionsOfMicrosoftExtensions()
    {
        var project = Load(ProjectOf("core"));
        project.Descendants("FrameworkReference").ShouldBeEmpty();
        var packages = project.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value).ToList();
        packages.ShouldAllBe(p => p.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
        packages.ShouldAllBe(p => p.EndsWith(".Abstractions", StringComparison.Ordinal) || p == "Microsoft.Extensions.Options");
    }

    [Fact]
    public void Core_NeedsNoOtherAssemblyThanTheRuntimeAndThoseAbstractions()
        => typeof(Core.CanaryKey).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Core_OpensNoConnections()
        => typeof(Core.CanaryKey).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .ShouldNotContain(name => name.StartsWith("System.Net", StringComparison.Ordinal) && name != "System.Net.Primitives");

    [Theory]
    [MemberData(nameof(All))]
    public void Project_IsInTheSolution(string project)
        => Repository.Read("CanaryFunctions.sln").Replace('\\', '/').ShouldContain($"\"{project}\"");

    [Theory]
    [MemberData(nameof(All))]
    public void Project_LeavesPackageVersionsToOnePlace(string project)
        => Load(project).Descendants("PackageReference").Where(p => p.Attribute("Version") is not null || p.Attribute("VersionOverride") is not null).ShouldBeEmpty();

    [Fact]
    public void CentralPackageVersions_AreAllUsed()
    {
        var given = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value).ToList();
        var used = Repository.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal) || f.EndsWith("Directory.Build.props", StringComparison.Ordinal))
            .SelectMany(f => Load(f).Descendants("PackageReference")).Select(p => p.Attribute("Include")!.Value);
        given.ShouldNotBeEmpty();
        given.Except(used).ShouldBeEmpty();
    }

    private static string ProjectOf(string product) => Repository.Projects.Single(p => Repository.FolderOf(p) == product);

    private static XDocument Load(string file) => XDocument.Parse(Repository.Read(file));

    private static IEnumerable<string> References(string project) => Load(project).Descendants("ProjectReference")
        .Select(r => r.Attribute("Include")!.Value.Replace('\\', '/'))
        .Select(path => Path.GetFullPath(Path.Combine("/", Repository.FolderOf(project), path)))
        .Select(path => Repository.FolderOf(Path.GetRelativePath("/", path).Replace('\\', '/')));
}
