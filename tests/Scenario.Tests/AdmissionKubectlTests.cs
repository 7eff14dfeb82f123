using CanaryFunctions.Scenario.Tests.Staging;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Scenario.Tests;

/// <summary>What a person reads who applies something wrong: the real kubectl, the embedded API server, the real webhook. docs/validation.md shows answers in this form.</summary>
[Collection(nameof(Unmeasured))]
public sealed class AdmissionKubectlTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("canary-manifests-");

    private const string Wrong = """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata:
          name: wrong
          namespace: test
        spec:
          provider: skiper
          targetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: wrong
          service:
            port: 0
          analysis:
            interval: soon
            threshold: -1
            stepWeight: 5
            metrics:
            - name: request-sucess-rate
              thresholdRange:
                min: 99
        """;

    private const string Explained = """
        The Canary "wrong" is invalid:
        * spec.provider: 'skiper' is not a known provider; did you mean 'skipper'? Use one of: gloo, linkerd, osm, skipper, smi[:...], traefik.
        * spec.service.port: '0' must be between 1 and 65535.
        * spec.analysis.interval: 'soon' must be a Go duration above 0, such as 10s or 1m30s.
        * spec.analysis.threshold: '-1' must be 1 or more.
        * spec.analysis.metrics[0].name: 'request-sucess-rate' is not a built-in check; did you mean 'request-success-rate'? Use one of: request-duration, request-success-rate, or give templateRef or query.
        """;

    private const string NothingThere = """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata:
          name: early
          namespace: test
        spec:
          provider: traefik
          targetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: early
          service:
            port: 80
          analysis:
            interval: 10s
            threshold: 3
            stepWeight: 10
            metrics:
            - name: request-success-rate
              thresholdRange:
                min: 99
        """;

    private const string OldVersion = """
        apiVersion: flagger.app/v1alpha3
        kind: Canary
        metadata:
          name: old
          namespace: test
        spec:
          provider: traefik
          targetRef:
            apiVersion: apps/v1
            kind: Deployment
            name: old
          service:
            port: 80
          canaryAnalysis:
            interval: 10s
            threshold: 0
            stepWeight: 10
            metrics:
            - name: request-success-rate
              threshold: 990
        """;

    [ProgramFact("kubectl")]
    public async Task Apply_WrongCanary_ListsAllProblemsOneALine()
    {
        await using var stage = await Stage.OpenAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        await kubectl.RunAsync("create", "ns", "test");

        Lines(await kubectl.FailAsync("apply", "-f", Write(Wrong))).ShouldBe(Lines(Explained));
        Lines(await kubectl.FailAsync("apply", "--dry-run=server", "-f", Write(Wrong))).ShouldBe(Lines(Explained));
        (await kubectl.RunAsync("-n", "test", "get", "canaries", "-o", "name")).ShouldBeEmpty();
    }

    [ProgramFact("kubectl")]
    public async Task Apply_CanaryBeforeItsTarget_IsTakenWithAWarning_AndADryRunStoresNothing()
    {
        await using var stage = await Stage.OpenAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        await kubectl.RunAsync("create", "ns", "test");
        var file = Write(NothingThere);
        const string Warning = "Warning: spec.targetRef names Deployment early.test, which does not exist yet; the Canary takes it up when it appears.";

        var (answer, warnings) = await ApplyAsync(kubectl, file, "--dry-run=server");
        (answer, warnings).ShouldBe(("canary.flagger.app/early created (server dry run)", Warning));
        (await kubectl.RunAsync("-n", "test", "get", "canaries", "-o", "name")).ShouldBeEmpty();

        (answer, warnings) = await ApplyAsync(kubectl, file);
        (answer, warnings).ShouldBe(("canary.flagger.app/early created", Warning));
        (await kubectl.RunAsync("-n", "test", "get", "canary", "early", "-o", "jsonpath={.spec.progressDeadlineSeconds} {.spec.service.portName}")).ShouldBe("600 http");

        // Nothing was changed since, so kubectl's own record of what was applied must agree with the defaults.
        (await ApplyAsync(kubectl, file)).ShouldBe(("canary.flagger.app/early unchanged", ""));
    }

    [ProgramFact("kubectl")]
    public async Task Apply_WrongCanaryInTheOldVersion_IsExplainedInItsNames()
    {
        await using var stage = await Stage.OpenAsync();
        using var kubectl = new Kubectl(stage.Playground.Cluster.ApiServer.Kubeconfig);
        await kubectl.RunAsync("create", "ns", "test");

        Lines(await kubectl.FailAsync("apply", "-f", Write(OldVersion))).ShouldBe(
        [
            "The Canary \"old\" is invalid:",
            "* spec.canaryAnalysis.threshold: '0' must be 1 or more.",
            "* spec.canaryAnalysis.metrics[0].threshold: '990' is a success rate that nothing can reach; give a percentage of at most 100.",
        ]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(string Output, string Warnings)> ApplyAsync(Kubectl kubectl, string file, params string[] options)
    {
        var (exit, output, error) = await kubectl.StartAsync(["apply", "-f", file, .. options]);
        exit.ShouldBe(0, error);
        return (output, error);
    }

    private string Write(string manifest)
    {
        var file = Path.Combine(_folder.FullName, "manifest.yaml");
        File.WriteAllText(file, manifest);
        return file;
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.TrimEnd())];
}
