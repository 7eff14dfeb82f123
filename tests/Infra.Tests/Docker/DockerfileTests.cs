using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Infra.Tests.Kustomize;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Infra.Tests.Docker;

/// <summary>The files of infra/docker name what there is, and agree with the manifests. They are not built: there are no containers here.</summary>
public sealed class DockerfileTests
{
    private const string User = "1654";

    private static readonly IReadOnlyList<string> All = [.. Checkout.Below("infra/docker", "*.Dockerfile")];

    public static TheoryData<string> Files => [.. All];

    [Fact]
    public void Dockerfiles_AreThose() => All.Select(f => Dockerfile.Read(f).Name).ShouldBe(["canary", "functions", "loadtester", "webhook"]);

    [Theory]
    [MemberData(nameof(Files))]
    public void Dockerfile_PublishesAProgramThatThereIs_AndStartsIt(string file)
    {
        var docker = Dockerfile.Read(file);

        Checkout.Has(docker.Project).ShouldBeTrue();
        Regex.IsMatch(docker.Publishing, "(-o |-p:PublishDir=)/out/?$").ShouldBeTrue();
        docker.Final.ShouldContain(("COPY", "--from=build /out ."));
        docker.Last("WORKDIR").ShouldBe("/app");
        string[] start = docker.Publishing.Contains("UseAppHost=false", StringComparison.Ordinal) ? ["dotnet", $"{docker.Assembly}.dll"] : [$"./{docker.Assembly}"];
        JsonSerializer.Deserialize<string[]>(docker.Last("ENTRYPOINT")).ShouldBe(start);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Dockerfile_BuildsWithThisSdk_AndRunsWithoutRights(string file)
    {
        var docker = Dockerfile.Read(file);
        using var global = JsonDocument.Parse(Checkout.Read("global.json"));
        var sdk = global.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        var major = sdk[..sdk.IndexOf('.', StringComparison.Ordinal)];

        docker.Instructions.Count(i => i.Word == "FROM" && i.Value.Contains($"/dotnet/sdk:{major}.0-", StringComparison.Ordinal)).ShouldBe(1);
        docker.Last("FROM").ShouldContain($":{major}.0-");
        docker.Last("FROM").EndsWith("-chiseled", StringComparison.Ordinal).ShouldBe(docker.Name != "loadtester", "only the load tester needs a shell");
        docker.Last("FROM").Contains("/runtime-deps:", StringComparison.Ordinal).ShouldBe(docker.Name == "functions", "only the functions bring their own .NET");
        docker.Last("USER").ShouldBe(User);
    }

    [ProgramTheory("kubectl")]
    [MemberData(nameof(Files))]
    public async Task Dockerfile_AgreesWithTheManifests(string file)
    {
        var docker = Dockerfile.Read(file);
        var pods = new List<JsonNode>();
        foreach (var overlay in Overlays.WithPods)
        {
            pods.AddRange((await Overlays.OverlayAsync(overlay)).Where(o => o.Text("kind") == "Deployment").Select(d => d.ObjectAt("spec", "template", "spec")!)
                .Where(p => p.ListAt("containers").Single().Text("image")!.StartsWith($"canary-functions/{docker.Name}:", StringComparison.Ordinal)));
        }

        pods.ShouldNotBeEmpty("no manifest uses it");
        pods.ShouldAllBe(p => p["securityContext"]!["runAsUser"]!.ToString() == User);
        var exposed = docker.Final.Where(i => i.Word == "EXPOSE").SelectMany(i => i.Value.Split(' ')).ToList();
        pods.SelectMany(p => p.ListAt("containers")).SelectMany(c => c.ListAt("ports")).Select(p => p["containerPort"]!.ToString()).Distinct()
            .Order(StringComparer.Ordinal).ShouldBe(exposed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Context_HasWhatIsBuilt(string file)
    {
        var ignore = Checkout.Read(".dockerignore").Split('\n');
        string[] needed = [Dockerfile.Read(file).Project, "core", "platform", "providers", "infra", "examples", "host.json", "global.json", "BannedSymbols.txt"];

        ignore.ShouldContain("**");
        needed.Where(n => !ignore.Contains($"!{n}")).ShouldBeEmpty();
        ignore.Where(l => l.StartsWith('!') && !l.Contains('*', StringComparison.Ordinal) && !Checkout.Has(l[1..])).ShouldBeEmpty("no such thing");
    }
}
