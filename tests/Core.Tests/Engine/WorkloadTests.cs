using System.Text.Json.Nodes;
using CanaryFunctions.Core.Canaries;
using CanaryFunctions.Core.Engine;
using CanaryFunctions.Core.Engine.Workloads;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Routing;

namespace CanaryFunctions.Core.Tests.Engine;

/// <summary>The generated objects (contracts/core.md 4).</summary>
public sealed class WorkloadTests
{
    private static readonly PodSelector Selector = new("app", "podinfo");
    private static readonly CanaryOptions NoPrefixes = new();

    [Fact]
    public void Service_New_HasTheContractsLabelsAnnotationsAndOwner()
    {
        var service = Plan("podinfo-primary", null, s => s["primary"] = World.Parse("""{"labels":{"tier":"web"},"annotations":{"a":"b"}}"""), s => s.Spec.Service.Primary)!.Desired!;

        service.Map("metadata", "labels").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo-primary", ["tier"] = "web" }, ignoreOrder: true);
        service.Map("metadata", "annotations").ShouldBe(
            new Dictionary<string, string> { ["a"] = "b", ["kustomize.toolkit.fluxcd.io/reconcile"] = "disabled", ["helm.toolkit.fluxcd.io/driftDetection"] = "disabled" }, ignoreOrder: true);
        service["spec"]!.ToJsonString().ShouldBe("""{"type":"ClusterIP","selector":{"app":"podinfo-primary"},"ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":9898}]}""");
        service.ListAt("metadata", "ownerReferences").Single().Text("kind").ShouldBe("Canary");
    }

    [Fact]
    public void Service_HeadlessWithProtocolAndDistribution_SaysSo()
    {
        var spec = Plan("podinfo", null, s => (s["headless"], s["appProtocol"], s["trafficDistribution"], s["portName"]) = (true, "tcp", "PreferClose", "grpc"))!.Desired!["spec"];

        (spec.Text("clusterIP"), spec.Text("trafficDistribution")).ShouldBe(("None", "PreferClose"));
        spec.ListAt("ports").Single().ToJsonString().ShouldBe("""{"name":"grpc","protocol":"TCP","port":80,"targetPort":9898,"appProtocol":"tcp"}""");
    }

    [Fact]
    public void Service_OfTheUser_KeepsEverythingButSelectorAndPorts()
    {
        var users = World.Parse("""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"podinfo","namespace":"test","resourceVersion":"3","labels":{"mine":"1"},"annotations":{"mine":"2"}},
             "spec":{"type":"NodePort","clusterIP":"10.0.0.1","sessionAffinity":"ClientIP","selector":{"app":"podinfo"},
                     "ports":[{"name":"http","protocol":"TCP","port":8080,"targetPort":9898,"nodePort":31000}]}}
            """);
        var change = Plan("podinfo", users)!;

        change.ResourceVersion.ShouldBe("3");
        var spec = change.Desired!["spec"];
        (spec.Text("type"), spec.Text("clusterIP"), spec.Text("sessionAffinity"), spec.Text("selector", "app")).ShouldBe(("NodePort", "10.0.0.1", "ClientIP", "podinfo-primary"));
        (spec.ListAt("ports").Single().Integer("port"), spec.ListAt("ports").Single().Integer("nodePort")).ShouldBe((80, 31000));
        change.Desired.Map("metadata", "labels").Keys.ShouldBe(["mine"]);
        change.Desired.Map("metadata", "annotations").Keys.ShouldBe(["helm.toolkit.fluxcd.io/driftDetection", "kustomize.toolkit.fluxcd.io/reconcile", "mine"]);
        Plan("podinfo", change.Desired).ShouldBeNull("planning again changes nothing");
    }

    [Fact]
    public void Service_OfOurs_LosesForeignMetadata_ButNotWhatIsUnmanaged()
    {
        void Unmanaged(JsonObject s) => s["unmanagedMetadata"] = World.Parse("""{"labels":["keep"],"annotations":["keep/too"]}""");
        var ours = Plan("podinfo", null, Unmanaged)!.Desired!;
        ours.Metadata()["labels"]!["keep"] = "1";
        ours.Metadata()["labels"]!["drop"] = "1";
        ours.Metadata()["annotations"]!["keep/too"] = "1";
        ours.Metadata()["annotations"]!["drop"] = "1";
        var changed = Plan("podinfo", ours, Unmanaged)!.Desired!;

        changed.Map("metadata", "labels").Keys.ShouldBe(["app", "keep"]);
        changed.Map("metadata", "annotations").Keys.ShouldBe(["helm.toolkit.fluxcd.io/driftDetection", "keep/too", "kustomize.toolkit.fluxcd.io/reconcile"]);
    }

    [Fact]
    public void Service_WhatTheServerFillsIn_IsNoChange()
    {
        var service = Plan("podinfo", null, s => s["portDiscovery"] = true, null, Ports())!.Desired!;
        service["spec"]!["clusterIP"] = "10.0.0.9";
        var ports = (JsonArray)service["spec"]!["ports"]!;
        ports[0]!["nodePort"] = 30001;
        service["spec"]!["ports"] = new JsonArray([.. ports.Reverse().Select(p => p!.DeepClone())]);

        Plan("podinfo", service, s => s["portDiscovery"] = true, null, Ports()).ShouldBeNull();
    }

    [Fact]
    public void PortDiscovery_FindsTheContractsExample_AndNoSidecar()
    {
        var ports = Plan("podinfo", null, s => (s["portDiscovery"], s["port"]) = (true, 9898), null, Ports())!.Desired!.ListAt("spec", "ports");

        ports.Select(p => $"{p.Text("name")} {p.Integer("port")}").ShouldBe(["http 9898", "http-metrics 8080", "tcp-podinfo-2 8888"]);
    }

    [Theory]
    [InlineData("http")]
    [InlineData(9898)]
    public void PortDiscovery_LeavesOutTheTargetPort_ByNameOrNumber(object targetPort)
    {
        var ports = Plan("podinfo", null, s => (s["portDiscovery"], s["targetPort"]) = (true, JsonValue.Create(targetPort)), null, Ports())!.Desired!.ListAt("spec", "ports");

        ports.Select(p => p.Integer("port")).ShouldBe([80, 8080, 8888]);
    }

    [Theory]
    [InlineData("", new[] { "app" }, new string[0])]
    [InlineData("team/", new[] { "app", "team/name" }, new[] { "team/contact" })]
    [InlineData("*", new[] { "app", "team/name", "tier" }, new[] { "kubectl", "team/contact" })]
    public void Primary_GetsOnlyTheIncludedMetadata_AtCreationAndAtPromotion(string prefix, string[] labels, string[] annotations)
    {
        var (target, options) = (Labelled(), new CanaryOptions { IncludeLabelPrefixes = [prefix] });
        var created = PrimaryDeployment.Create(ACanary(), target, Selector, options);
        var promoted = PrimaryDeployment.Promote(ACanary(), PrimaryDeployment.Create(ACanary(), World.Deployment("podinfo", "podinfo:1"), Selector, options), target, Selector, options, false, "run");

        foreach (var primary in new[] { created, promoted })
        {
            primary.Map("metadata", "labels").Keys.ShouldBe(labels);
            primary.Map("metadata", "annotations").Keys.ShouldBe(annotations);
            primary.Label("app").ShouldBe("podinfo-primary");
            primary.Map("spec", "template", "metadata", "labels").ShouldBe(new Dictionary<string, string> { ["app"] = "podinfo-primary", ["version"] = "v1" }, ignoreOrder: true);
        }

        created["spec"]!["selector"]!.ToJsonString().ShouldBe("""{"matchLabels":{"app":"podinfo-primary"}}""");
        created.ListAt("metadata", "ownerReferences").Count().ShouldBe(1);
    }

    [Fact]
    public void Promotion_CopiesTheTemplate_AndKeepsWhatOthersPutOnThePrimary()
    {
        var primary = PrimaryDeployment.Create(ACanary(), World.Deployment("podinfo", "podinfo:1"), Selector, NoPrefixes);
        primary.Metadata().Section("annotations")["deployment.kubernetes.io/revision"] = "4";
        primary["spec"]!["replicas"] = 7;
        var target = World.Deployment("podinfo", "podinfo:2");
        target["spec"]!["strategy"] = World.Parse("""{"type":"RollingUpdate"}""");

        var kept = PrimaryDeployment.Promote(ACanary(), primary, target, Selector, NoPrefixes, keepReplicas: true, "run-9");
        (kept.Integer("spec", "replicas"), kept.Annotation("deployment.kubernetes.io/revision"), kept.Text("spec", "strategy", "type")).ShouldBe((7, "4", "RollingUpdate"));
        PrimaryDeployment.RollTriggerOf(kept).ShouldBe("run-9");
        PrimaryDeployment.RunsTemplateOf(ACanary(), kept, target, Selector, NoPrefixes).ShouldBeTrue();
        PrimaryDeployment.RunsTemplateOf(ACanary(), primary, target, Selector, NoPrefixes).ShouldBeFalse();
        PrimaryDeployment.Promote(ACanary(), primary, target, Selector, NoPrefixes, keepReplicas: false, "run-9").Integer("spec", "replicas").ShouldBe(2);
        JsonNode.DeepEquals(PrimaryDeployment.Promote(ACanary(), kept, target, Selector, NoPrefixes, true, "run-9"), kept).ShouldBeTrue("repeating the step changes nothing");
    }

    [Fact]
    public void Affinity_ThatSelectsTheTargetsPods_SelectsThePrimarys()
    {
        var target = World.Deployment("podinfo", "podinfo:1");
        target["spec"]!["template"]!["spec"]!["topologySpreadConstraints"] = JsonNode.Parse("""[{"labelSelector":{"matchLabels":{"app":"podinfo","tier":"podinfo"}}}]""");
        target["spec"]!["template"]!["spec"]!["affinity"] = JsonNode.Parse("""
            {"podAntiAffinity":{
               "requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["other","podinfo"]},{"key":"zone","operator":"In","values":["podinfo"]}]}}],
               "preferredDuringSchedulingIgnoredDuringExecution":[{"podAffinityTerm":{"labelSelector":{"matchLabels":{"app":"other"}}}}]},
             "podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"app":"podinfo"}}}]}}
            """);
        var spec = PrimaryDeployment.Create(ACanary(), target, Selector, NoPrefixes)["spec"]!["template"]!["spec"]!;

        spec["topologySpreadConstraints"]!.ToJsonString().ShouldBe("""[{"labelSelector":{"matchLabels":{"app":"podinfo-primary","tier":"podinfo"}}}]""");
        var anti = spec["affinity"]!["podAntiAffinity"]!;
        anti["requiredDuringSchedulingIgnoredDuringExecution"]!.ToJsonString().ShouldBe(
            """[{"labelSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["other","podinfo-primary"]},{"key":"zone","operator":"In","values":["podinfo"]}]}}]""");
        anti["preferredDuringSchedulingIgnoredDuringExecution"]!.ToJsonString().ShouldContain("\"app\":\"other\"");
        spec["affinity"]!["podAffinity"]!.ToJsonString().ShouldContain("\"app\":\"podinfo\"");
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":1}}""", "waiting for rollout to finish: observed deployment generation less than desired generation", false)]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":2,"updatedReplicas":1}}""", "waiting for rollout to finish: 1 out of 3 new replicas have been updated", false)]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":2,"updatedReplicas":3,"replicas":4}}""", "waiting for rollout to finish: 1 old replicas are pending termination", false)]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":2,"updatedReplicas":3,"replicas":3,"availableReplicas":1}}""", "waiting for rollout to finish: 1 of 3 (readyThreshold 75%) updated replicas are available", false)]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":2,"conditions":[{"type":"Progressing","reason":"ProgressDeadlineExceeded"}]}}""", "deployment \"podinfo\" exceeded its progress deadline", true)]
    [InlineData("""{"spec":{"replicas":3},"status":{"observedGeneration":2,"updatedReplicas":3,"replicas":3,"availableReplicas":2,"readyReplicas":2}}""", null, false)]
    [InlineData("""{"spec":{"replicas":0},"status":{"observedGeneration":2}}""", "the deployment is scaled to zero", false)]
    public void Readiness_SpeaksTheContractsWords(string json, string? problem, bool isStuck)
    {
        var deployment = World.Parse(json);
        deployment["metadata"] = new JsonObject { ["name"] = "podinfo", ["generation"] = 2 };

        DeploymentReadiness.ToServe(deployment, 75).ShouldBe(new DeploymentReadiness(problem, isStuck));
    }

    [Fact]
    public void Readiness_OfNothing_AndWithoutAnyReadyPod_IsNotThere()
    {
        DeploymentReadiness.Of(null, 100).Problem.ShouldBe("waiting for rollout to finish: the deployment does not exist");
        var idle = World.Parse("""{"metadata":{"generation":1},"spec":{"replicas":2},"status":{"observedGeneration":1,"updatedReplicas":2,"replicas":2}}""");
        DeploymentReadiness.Of(idle, 0).IsReady.ShouldBeTrue();
        DeploymentReadiness.ToServe(idle, 0).Problem.ShouldBe("waiting for rollout to finish: 0 of 2 (readyThreshold 0%) updated replicas are available");
    }

    [Fact]
    public void TemplateHash_IgnoresOrderAndEmptyFields_AndSeesEverythingElse()
    {
        static string Of(string json) => TemplateHash.Of(JsonNode.Parse(json));
        var hash = Of("""{"a":1,"b":{"c":[1,2]}}""");

        hash.ShouldMatch("^cf1-[0-9a-f]{16}$");
        Of("""{"b":{"c":[1,2],"d":{},"e":[],"f":null,"g":{"h":null}},"a":1}""").ShouldBe(hash);
        new[] { """{"a":1,"b":{"c":[2,1]}}""", """{"a":2,"b":{"c":[1,2]}}""", """{"a":"1","b":{"c":[1,2]}}""", """{"a":1,"b":{"c":[1,2],"d":false}}""", """{"a":1,"b":{"c":[1,2,{}]}}""" }
            .Select(Of).Append(hash).Distinct().Count().ShouldBe(6);
        TemplateHash.IsOurs("5f56684589").ShouldBeFalse();
    }

    private static Canary ACanary(Action<JsonObject>? service = null)
    {
        var json = World.CanaryObject();
        json.Metadata()["uid"] = "uid-1";
        service?.Invoke(json.Section("spec").Section("service"));
        return Canary.From(json);
    }

    private static ObjectChange? Plan(string name, JsonObject? existing, Action<JsonObject>? service = null, Func<Canary, ServiceMetadata>? extra = null, JsonObject? target = null)
    {
        var canary = ACanary(service);
        return ServicePlanner.Plan(canary, name, extra?.Invoke(canary) ?? ServiceMetadata.None, existing, target ?? World.Deployment("podinfo", "podinfo:1"), Selector, "podinfo-primary");
    }

    private static JsonObject Ports()
    {
        var target = World.Deployment("podinfo", "podinfo:1");
        target["spec"]!["template"]!["spec"]!["containers"] = JsonNode.Parse("""
            [{"name":"istio-proxy","ports":[{"containerPort":15001}]},
             {"name":"podinfo","ports":[{"containerPort":9898,"name":"http"},{"containerPort":8080,"name":"http-metrics"},{"containerPort":8888},{"containerPort":53,"protocol":"UDP"}]}]
            """);
        return target;
    }

    private static JsonObject Labelled()
    {
        var target = World.Deployment("podinfo", "podinfo:2");
        target.Metadata()["labels"] = World.Parse("""{"app":"podinfo","team/name":"blue","tier":"web","kustomize.toolkit.fluxcd.io/name":"apps"}""");
        target.Metadata()["annotations"] = World.Parse("""{"team/contact":"x","kubectl":"y","kustomize.toolkit.fluxcd.io/checksum":"z"}""");
        target["spec"]!["template"]!["metadata"]!["labels"] = World.Parse("""{"app":"podinfo","version":"v1","x.toolkit.fluxcd.io/y":"z"}""");
        return target;
    }
}
