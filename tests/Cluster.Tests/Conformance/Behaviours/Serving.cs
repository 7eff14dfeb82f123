using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Discovery, health, OpenAPI, and what the server fills in for built-in kinds.</summary>
internal static class Serving
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Discovery_OfTheCoreGroup", async p =>
        {
            p.Show(await p.GetAsync("/api"), "kind", "versions");
            var list = await p.GetAsync("/api/v1");
            p.Show(list, "kind", "groupVersion");
            Entry(p, list, "configmaps");
            Entry(p, list, "namespaces");
            Entry(p, list, "pods");
            Entry(p, list, "pods/log");
            Entry(p, list, "services/status");
        }, """
            GET /api 200
              kind="APIVersions", versions=["v1"]
            GET /api/v1 200
              kind="APIResourceList", groupVersion="v1"
              name="configmaps", namespaced=true, kind="ConfigMap", shortNames=["cm"], categories=-, group=-, version=-
              create delete deletecollection get list patch update watch
              name="namespaces", namespaced=false, kind="Namespace", shortNames=["ns"], categories=-, group=-, version=-
              create delete get list patch update watch
              name="pods", namespaced=true, kind="Pod", shortNames=["po"], categories=["all"], group=-, version=-
              create delete deletecollection get list patch update watch
              name="pods/log", namespaced=true, kind="Pod", shortNames=-, categories=-, group=-, version=-
              get
              name="services/status", namespaced=true, kind="Service", shortNames=-, categories=-, group=-, version=-
              get patch update
            """),
        new("Discovery_OfGroups", async p =>
        {
            var groups = await p.GetAsync("/apis");
            p.Show(groups, "kind", "apiVersion");
            var ours = groups.Json["groups"]!.AsArray().Single(g => (string?)g!["name"] == Resources.Group);
            p.Say($"  {ours!.ToJsonString()}");
            p.Say($"  {(await p.GetAsync($"/apis/{Resources.Group}")).Json.ToJsonString()}");
            p.Show(await p.GetAsync("/apis/apps"), "kind", "name", "preferredVersion/version");
            await p.GetAsync("/apis/nonsense.example.com");
            await p.GetAsync($"/apis/{Resources.Group}/v9");
        }, """
            GET /apis 200
              kind="APIGroupList", apiVersion="v1"
              {"name":"conformance.example.com","versions":[{"groupVersion":"conformance.example.com/v1","version":"v1"},{"groupVersion":"conformance.example.com/v1beta1","version":"v1beta1"},{"groupVersion":"conformance.example.com/v1alpha3","version":"v1alpha3"}],"preferredVersion":{"groupVersion":"conformance.example.com/v1","version":"v1"}}
            GET /apis/conformance.example.com 200
              {"kind":"APIGroup","apiVersion":"v1","name":"conformance.example.com","versions":[{"groupVersion":"conformance.example.com/v1","version":"v1"},{"groupVersion":"conformance.example.com/v1beta1","version":"v1beta1"},{"groupVersion":"conformance.example.com/v1alpha3","version":"v1alpha3"}],"preferredVersion":{"groupVersion":"conformance.example.com/v1","version":"v1"}}
            GET /apis/apps 200
              kind="APIGroup", name="apps", preferredVersion/version="v1"
            GET /apis/nonsense.example.com 404 404 page not found
            GET /apis/conformance.example.com/v9 404 404 page not found
            """),
        new("Discovery_OfCustomResources", async p =>
        {
            var list = await p.GetAsync($"/apis/{Resources.Group}/v1");
            p.Show(list, "kind", "apiVersion", "groupVersion");
            Entry(p, list, "widgets");
            Entry(p, list, "widgets/status");
            Entry(p, list, "widgets/scale");
            Entry(p, list, "plains");
            Entry(p, list, "plains/status");
            var apps = await p.GetAsync("/apis/apps/v1");
            Entry(p, apps, "deployments");
            Entry(p, apps, "deployments/scale");
        }, """
            GET /apis/conformance.example.com/v1 200
              kind="APIResourceList", apiVersion="v1", groupVersion="conformance.example.com/v1"
              name="widgets", namespaced=true, kind="Widget", shortNames=["wg"], categories=["toys"], group=-, version=-
              create delete deletecollection get list patch update watch
              name="widgets/status", namespaced=true, kind="Widget", shortNames=-, categories=-, group=-, version=-
              get patch update
              name="widgets/scale", namespaced=true, kind="Scale", shortNames=-, categories=-, group="autoscaling", version="v1"
              get patch update
              name="plains", namespaced=true, kind="Plain", shortNames=-, categories=-, group=-, version=-
              create delete deletecollection get list patch update watch
              name=-, namespaced=-, kind=-, shortNames=-, categories=-, group=-, version=-

            GET /apis/apps/v1 200
              name="deployments", namespaced=true, kind="Deployment", shortNames=["deploy"], categories=["all"], group=-, version=-
              create delete deletecollection get list patch update watch
              name="deployments/scale", namespaced=true, kind="Scale", shortNames=-, categories=-, group="autoscaling", version="v1"
              get patch update
            """),
        new("Health_AndVersion", async p =>
        {
            foreach (var path in new[] { "/healthz", "/livez", "/readyz" })
            {
                var answer = await p.GetAsync(path);
                p.Say($"  {answer.ContentType} {answer.Text}");
            }

            var version = await p.GetAsync("/version");
            p.Say("  " + string.Join(' ', version.Json.Select(v => v.Key).Order(StringComparer.Ordinal)));
            p.Show(version, "major");
        }, """
            GET /healthz 200
              text/plain; charset=utf-8 ok
            GET /livez 200
              text/plain; charset=utf-8 ok
            GET /readyz 200
              text/plain; charset=utf-8 ok
            GET /version 200
              buildDate compiler gitCommit gitTreeState gitVersion goVersion major minor platform
              major="1"
            """),
        new("OpenApi_IsThere", async p =>
        {
            var swagger = await p.GetAsync("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
            p.Say(swagger.Text.Length > 100 ? "  a document" : "  nothing");
        }, """
            GET /openapi/v2 200
              a document
            """),
        new("BuiltInDefaults_OfADeployment", async p =>
        {
            var made = await p.PostAsync("deployments", Manifests.Deployment("a"));
            p.Show(made, "spec/strategy", "spec/revisionHistoryLimit", "spec/progressDeadlineSeconds", "spec/template/metadata");
            p.Say("  " + Sorted(made.Json["spec"]!["template"]!["spec"]!.AsObject()));
        }, """
            POST deployments 201
              spec/strategy={"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"},"type":"RollingUpdate"}, spec/revisionHistoryLimit=10, spec/progressDeadlineSeconds=600, spec/template/metadata={"creationTimestamp":null,"labels":{"app":"a"}}
              {containers: [{env: [{name: "A", value: "1"}, {name: "B", value: "2"}], image: "app:1", imagePullPolicy: "IfNotPresent", name: "main", ports: [{containerPort: 9898, name: "http", protocol: "TCP"}], resources: {}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File"}, {image: "side:1", imagePullPolicy: "IfNotPresent", name: "side", resources: {}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File"}], dnsPolicy: "ClusterFirst", restartPolicy: "Always", schedulerName: "default-scheduler", securityContext: {}, terminationGracePeriodSeconds: 30}
            """),
        new("BuiltInDefaults_OfProbesAndVolumes", async p =>
        {
            var made = await p.PostAsync("pods", """
                metadata: { name: a }
                spec:
                  volumes: [{ name: c, configMap: { name: c } }, { name: s, secret: { secretName: s } }, { name: e, emptyDir: {} }]
                  initContainers: [{ name: init, image: 'a/b' }]
                  containers:
                    - name: a
                      image: 'localhost:5000/a@sha256:0123456789012345678901234567890123456789012345678901234567890123'
                      ports: [{ containerPort: 80 }]
                      livenessProbe: { httpGet: { port: 80 } }
                      readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 }
                      env: [{ name: IP, valueFrom: { fieldRef: { fieldPath: status.podIP } } }]
                      resources: { limits: { cpu: 500m, memory: 1Gi } }
                """);
            var spec = made.Json["spec"]!.AsObject();
            foreach (var admitted in new[] { "preemptionPolicy", "priority", "tolerations" })
            {
                spec.Remove(admitted);
            }

            p.Say("  " + Sorted(spec));
            p.Show(made, "status/phase");
        }, """
            POST pods 201
              {containers: [{env: [{name: "IP", valueFrom: {fieldRef: {apiVersion: "v1", fieldPath: "status.podIP"}}}], image: "localhost:5000/a@sha256:0123456789012345678901234567890123456789012345678901234567890123", imagePullPolicy: "IfNotPresent", livenessProbe: {failureThreshold: 3, httpGet: {path: "/", port: 80, scheme: "HTTP"}, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1}, name: "a", ports: [{containerPort: 80, protocol: "TCP"}], readinessProbe: {failureThreshold: 3, periodSeconds: 3, successThreshold: 1, tcpSocket: {port: 80}, timeoutSeconds: 1}, resources: {limits: {cpu: "500m", memory: "1Gi"}, requests: {cpu: "500m", memory: "1Gi"}}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File"}], dnsPolicy: "ClusterFirst", enableServiceLinks: true, initContainers: [{image: "a/b", imagePullPolicy: "Always", name: "init", resources: {}, terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File"}], restartPolicy: "Always", schedulerName: "default-scheduler", securityContext: {}, terminationGracePeriodSeconds: 30, volumes: [{configMap: {defaultMode: 420, name: "c"}, name: "c"}, {name: "s", secret: {defaultMode: 420, secretName: "s"}}, {emptyDir: {}, name: "e"}]}
              status/phase="Pending"
            """),
        new("BuiltInDefaults_OfAService", async p =>
        {
            var made = await p.PostAsync("services", "{metadata: {name: a}, spec: {clusterIP: None, ports: [{port: 80}, {name: x, port: 81, targetPort: http}]}}");
            await p.PostAsync("services", "{metadata: {name: b}, spec: {type: ExternalName, externalName: b.example.com}}");
            var one = await p.PostAsync("services", "{metadata: {name: c}, spec: {clusterIP: None, selector: {app: c}, ports: [{port: 80}]}}");
            p.Show(one, "spec/ports", "spec/type", "spec/sessionAffinity", "spec/clusterIP", "spec/clusterIPs", "status");
            p.Say($"  {made.Code}");
        }, """
            POST services 422 Invalid
              cause FieldValueRequired spec.ports[0].name
            POST services 201
            POST services 201
              spec/ports=[{"port":80,"protocol":"TCP","targetPort":80}], spec/type="ClusterIP", spec/sessionAffinity="None", spec/clusterIP="None", spec/clusterIPs=["None"], status={"loadBalancer":{}}
              422
            """),
        new("BuiltInDefaults_OfSecrets", async p =>
        {
            p.Show(await p.PostAsync("secrets", "{metadata: {name: a}, stringData: {k: '1'}, data: {l: Mg==}}"), "type", "data", "stringData");
            p.ShowMessage(await p.PatchAsync("secrets/a", "{type: other}"));
        }, """
            POST secrets 201
              type="Opaque", data={"k":"MQ==","l":"Mg=="}, stringData=-
            PATCH secrets/a 422 Invalid
              cause FieldValueInvalid type
              Secret "a" is invalid: type: Invalid value: "other": field is immutable
            """),
        new("BuiltInDefaults_OfAnAutoscaler", async p =>
        {
            var made = await p.PostAsync("horizontalpodautoscalers", "{metadata: {name: a}, spec: {maxReplicas: 4, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, targetCPUUtilizationPercentage: 50}}");
            p.Show(made, "spec");
            var beta = await p.GetAsync($"/apis/autoscaling/v2beta2/namespaces/{p.Namespace}/horizontalpodautoscalers/a");
            p.Show(beta, "apiVersion", "spec/minReplicas", "spec/metrics");
            p.Show(await p.GetAsync($"/apis/autoscaling/v2beta1/namespaces/{p.Namespace}/horizontalpodautoscalers/a"), "apiVersion", "spec/metrics");
        }, """
            POST horizontalpodautoscalers 201
              spec={"maxReplicas":4,"minReplicas":1,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"a"},"targetCPUUtilizationPercentage":50}
            GET /apis/autoscaling/v2beta2/namespaces/NS/horizontalpodautoscalers/a 200
              apiVersion="autoscaling/v2beta2", spec/minReplicas=1, spec/metrics=[{"resource":{"name":"cpu","target":{"averageUtilization":50,"type":"Utilization"}},"type":"Resource"}]
            GET /apis/autoscaling/v2beta1/namespaces/NS/horizontalpodautoscalers/a 200
              apiVersion="autoscaling/v2beta1", spec/metrics=[{"resource":{"name":"cpu","targetAverageUtilization":50},"type":"Resource"}]
            """),
    ];

    private static void Entry(ApiProbe p, Answer list, string name)
    {
        var entry = list.Json["resources"]!.AsArray().FirstOrDefault(r => (string?)r!["name"] == name);
        p.Show(entry, "name", "namespaced", "kind", "shortNames", "categories", "group", "version");
        p.Say("  " + string.Join(' ', (entry?["verbs"] as JsonArray ?? []).Select(v => (string?)v).Order(StringComparer.Ordinal)));
    }

    /// <summary>Keys in order, so that servers may write them in any.</summary>
    private static string Sorted(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(", ", map.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}: {Sorted(m.Value)}")) + "}",
        JsonArray list => "[" + string.Join(", ", list.Select(Sorted)) + "]",
        _ => node?.ToJsonString() ?? "null",
    };
}
