using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Hosting.Settings;

namespace CanaryFunctions.Infra.Tests.Kustomize;

/// <summary>What has to hold of the objects of an overlay, together.</summary>
internal static class ManifestRules
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    /// <summary>Empty when all is well.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<JsonObject> objects)
    {
        var deployments = objects.Where(o => o.Text("kind") == "Deployment").ToList();
        return
        [
            .. deployments.SelectMany(OfDeployment),
            .. deployments.SelectMany(d => OfEnvironment(d, objects)),
            .. objects.Where(o => o.Text("kind") == "Service").SelectMany(s => OfService(s, deployments)),
            .. objects.Where(o => o.Text("kind") == "PodDisruptionBudget").SelectMany(b => OfBudget(b, deployments)),
            .. objects.Where(o => o.Text("kind") == "NetworkPolicy").SelectMany(p => OfPolicy(p, deployments)),
            .. deployments.Where(d => IsInOurNamespace(d) && !objects.Any(o => o.Text("kind") == "NetworkPolicy" && Selects(o.Map("spec", "podSelector", "matchLabels"), d)))
                .Select(d => $"{d.Name()}: no network policy"),
            .. objects.Where(o => o.Text("kind") == "ScaledObject").SelectMany(s => OfScaler(s, deployments)),
            .. objects.GroupBy(o => (o.Text("kind"), o.Namespace(), o.Name())).Where(g => g.Count() > 1).Select(g => $"{g.Key} is there {g.Count()} times"),
        ];
    }

    private static IEnumerable<string> OfDeployment(JsonObject deployment)
    {
        var (name, pod) = (deployment.Name(), deployment.ObjectAt("spec", "template", "spec"));
        var isWorker = deployment.Text("spec", "template", "metadata", "labels", "app.kubernetes.io/component") == "functions";
        foreach (var (path, wanted) in ((string[], string)[])[
            (["securityContext", "runAsNonRoot"], "true"), (["securityContext", "seccompProfile", "type"], "RuntimeDefault"), (["nodeSelector", "kubernetes.io/os"], "linux")])
        {
            if (pod.At(path)?.ToString() != wanted)
            {
                yield return $"{name}: {string.Join('.', path)} is not {wanted}";
            }
        }

        if (deployment.Map("spec", "selector", "matchLabels") is var selector && (selector.Count == 0 || !Selects(selector, deployment)))
        {
            yield return $"{name}: the selector does not select its pods";
        }

        if (pod.Integer("terminationGracePeriodSeconds") is not >= 30)
        {
            yield return $"{name}: terminationGracePeriodSeconds is below what draining takes";
        }

        if (isWorker && deployment["spec"]!["replicas"] is not null)
        {
            yield return $"{name}: replicas are KEDA's";
        }

        foreach (var problem in pod.ListAt("containers").SelectMany(c => OfContainer(c.AsObject(), isWorker)))
        {
            yield return $"{name}: {problem}";
        }
    }

    private static IEnumerable<string> OfContainer(JsonObject container, bool isWorker)
    {
        foreach (var (name, wanted) in ((string, string)[])[("readOnlyRootFilesystem", "true"), ("allowPrivilegeEscalation", "false")])
        {
            if (container.At("securityContext", name)?.ToString() != wanted)
            {
                yield return $"securityContext.{name} is not {wanted}";
            }
        }

        if (!container.ListAt("securityContext", "capabilities", "drop").Select(c => c.ToString()).SequenceEqual(["ALL"]))
        {
            yield return "securityContext.capabilities.drop is not ALL";
        }

        foreach (var amount in from kind in (string[])["requests", "limits"] from of in (string[])["cpu", "memory"] select (string[])["resources", kind, of])
        {
            if (container.Text(amount) is null)
            {
                yield return $"{string.Join('.', amount)} is missing";
            }
        }

        var ports = container.ListAt("ports").Select(p => p.Text("name")).ToList();
        foreach (var probe in Probes.Where(_ => !isWorker))
        {
            if (container.Text(probe, "httpGet", "port") is not { } port || !ports.Contains(port))
            {
                yield return $"{probe} asks no port of the container";
            }
        }
    }

    private static IEnumerable<string> OfEnvironment(JsonObject deployment, IReadOnlyList<JsonObject> objects)
    {
        var known = SettingList.All.SelectMany(s => s.Variables).ToHashSet(StringComparer.Ordinal);
        foreach (var container in deployment.ListAt("spec", "template", "spec", "containers"))
        {
            foreach (var name in container.ListAt("env").Select(e => e.Text("name")!).Where(n => !known.Contains(n)))
            {
                yield return $"{deployment.Name()}: {name} is no setting";
            }

            foreach (var map in container.ListAt("envFrom").Select(e => e.Text("configMapRef", "name")).OfType<string>())
            {
                if (objects.SingleOrDefault(o => o.Text("kind") == "ConfigMap" && o.Name() == map) is not { } settings)
                {
                    yield return $"{deployment.Name()}: there is no ConfigMap {map}";
                    continue;
                }

                foreach (var name in settings.Map("data").Keys.Where(n => !known.Contains(n)))
                {
                    yield return $"{map}: {name} is no setting";
                }
            }
        }
    }

    private static IEnumerable<string> OfService(JsonObject service, IReadOnlyList<JsonObject> deployments)
    {
        var selected = deployments.Where(d => Selects(service.Map("spec", "selector"), d)).ToList();
        if (selected.Count != 1)
        {
            return [$"Service {service.Name()}: selects the pods of {selected.Count} Deployments"];
        }

        var ports = selected[0].ListAt("spec", "template", "spec", "containers").SelectMany(c => c.ListAt("ports")).ToList();
        return service.ListAt("spec", "ports").Select(p => p["targetPort"]!.ToString())
            .Where(target => !ports.Any(p => p.Text("name") == target || p["containerPort"]?.ToString() == target))
            .Select(target => $"Service {service.Name()}: no container has the port {target}");
    }

    private static IEnumerable<string> OfBudget(JsonObject budget, IReadOnlyList<JsonObject> deployments)
    {
        var selected = deployments.Where(d => Selects(budget.Map("spec", "selector", "matchLabels"), d)).ToList();
        return selected.Count != 1 ? [$"PodDisruptionBudget {budget.Name()}: selects the pods of {selected.Count} Deployments"]
            : selected[0].Integer("spec", "replicas") > budget.Integer("spec", "minAvailable") ? []
            : [$"PodDisruptionBudget {budget.Name()}: with {selected[0].Integer("spec", "replicas")} replicas no node can be drained"];
    }

    private static IEnumerable<string> OfPolicy(JsonObject policy, IReadOnlyList<JsonObject> deployments)
    {
        var selected = deployments.Where(d => Selects(policy.Map("spec", "podSelector", "matchLabels"), d)).ToList();
        var ports = selected.SelectMany(d => d.ListAt("spec", "template", "spec", "containers")).SelectMany(c => c.ListAt("ports")).Select(p => p.Text("name")).ToList();
        return
        [
            .. selected.Count == 0 ? [$"NetworkPolicy {policy.Name()}: selects nothing"] : Array.Empty<string>(),
            .. policy.ListAt("spec", "ingress").SelectMany(i => i.ListAt("ports")).Select(p => p.Text("port"))
                .Where(p => !ports.Contains(p)).Select(p => $"NetworkPolicy {policy.Name()}: no container has the port {p}"),
        ];
    }

    private static IEnumerable<string> OfScaler(JsonObject scaled, IReadOnlyList<JsonObject> deployments)
        => deployments.Any(d => d.Name() == scaled.Text("spec", "scaleTargetRef", "name") && d.Namespace() == scaled.Namespace())
            ? []
            : [$"ScaledObject {scaled.Name()}: there is no Deployment {scaled.Text("spec", "scaleTargetRef", "name")}"];

    // The load tester is put into somebody's namespace, whose owner says what may go in and out there.
    private static bool IsInOurNamespace(JsonObject deployment) => deployment.Namespace().Length > 0;

    private static bool Selects(IReadOnlyDictionary<string, string> selector, JsonObject deployment)
        => selector.All(s => deployment.Text("spec", "template", "metadata", "labels", s.Key) == s.Value);
}
