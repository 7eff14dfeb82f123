using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Tables, as <c>kubectl get</c> asks for them.</summary>
internal static class Printing
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Table_OfACustomResource_HasItsColumns", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red, big: true, since: '2001-01-01T00:00:00Z'}}");
            await p.ChangeAsync("widgets/a/status", "{status: {conditions: [{type: Other, status: 'False'}, {type: Ready, status: 'True'}]}}");
            await p.MakeAsync("widgets", "{metadata: {name: b}, spec: {color: blue, size: 4}}");
            var table = await TableAsync(p, "widgets");
            Rows(p, table);
            p.Show(table.Json["rows"]![0], "object/kind", "object/apiVersion", "object/metadata/name", "object/spec");
        }, """
            GET widgets 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Color string  0 | Size integer  0 | Big boolean  1 | Ready string  0 | Since date  0 | Age date  0
              "a" | "red" | 3 | true | "True" | "25y" | an age
              "b" | "blue" | 4 | null | null | null | an age
              object/kind="PartialObjectMetadata", object/apiVersion="meta.k8s.io/v1", object/metadata/name="a", object/spec=-
            """),
        new("Table_OfACustomResourceWithoutColumns_HasNameAndAge", async p =>
        {
            await p.MakeAsync("plains", "{metadata: {name: a}}");
            Rows(p, await TableAsync(p, "plains"));
        }, """
            GET plains 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Age date  0
              "a" | an age
            """),
        new("Table_OfOneObject_AndWithItWhole", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1', l: '2'}}");
            Rows(p, await TableAsync(p, "configmaps/a"));
            p.Show((await TableAsync(p, "configmaps/a?includeObject=Object")).Json["rows"]![0], "object/kind", "object/data");
            p.Show((await TableAsync(p, "configmaps/a?includeObject=None")).Json["rows"]![0], "object");
        }, """
            GET configmaps/a 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Data string  0 | Age string  0
              "a" | 2 | an age
            GET configmaps/a?includeObject=Object 200
              object/kind="ConfigMap", object/data={"k":"1","l":"2"}
            GET configmaps/a?includeObject=None 200
              object=-
            """),
        new("Table_OfNothing", async p =>
        {
            var table = await TableAsync(p, "configmaps");
            p.Show(table, "rows", "metadata/selfLink");
        }, """
            GET configmaps 200
              rows=[], metadata/selfLink=-
            """),
        new("Table_OfDeployments", async p =>
        {
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            Rows(p, await TableAsync(p, "deployments"));
        }, """
            GET deployments 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Ready string  0 | Up-to-date string  0 | Available string  0 | Age string  0 | Containers string  1 | Images string  1 | Selector string  1
              "a" | "0/0" | 0 | 0 | an age | "main,side" | "app:1,side:1" | "app=a"
            """),
        new("Table_OfServices", async p =>
        {
            await p.MakeAsync("services", "{metadata: {name: a}, spec: {clusterIP: None, selector: {app: a}, ports: [{name: http, port: 80}, {name: more, port: 81, protocol: UDP}]}}");
            Rows(p, await TableAsync(p, "services"));
        }, """
            GET services 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Type string  0 | Cluster-IP string  0 | External-IP string  0 | Port(s) string  0 | Age string  0 | Selector string  1
              "a" | "ClusterIP" | "None" | "\u003Cnone\u003E" | "80/TCP,81/UDP" | an age | "app=a"
            """),
        new("Table_OfSecretsAndConfigMaps", async p =>
        {
            await p.MakeAsync("secrets", "{metadata: {name: a}, stringData: {k: '1'}}");
            Rows(p, await TableAsync(p, "secrets"));
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1', l: '2'}, binaryData: {m: AAAA}}");
            Rows(p, await TableAsync(p, "configmaps"));
        }, """
            GET secrets 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Type string  0 | Data string  0 | Age string  0
              "a" | "Opaque" | 1 | an age
            GET configmaps 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Data string  0 | Age string  0
              "a" | 3 | an age
            """),
        new("Table_OfIngresses", async p =>
        {
            await p.MakeAsync("ingresses", """
                metadata: { name: a }
                spec:
                  ingressClassName: nginx
                  tls: [{ hosts: [a.example.com] }]
                  rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }] } }, { host: b.example.com }]
                """);
            await p.ChangeAsync("ingresses/a/status", "{status: {loadBalancer: {ingress: [{ip: 1.2.3.4}, {hostname: lb.example.com}]}}}");
            Rows(p, await TableAsync(p, "ingresses"));
        }, """
            GET ingresses 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Name string name 0 | Class string  0 | Hosts string  0 | Address string  0 | Ports string  0 | Age string  0
              "a" | "nginx" | "a.example.com,b.example.com" | "1.2.3.4,lb.example.com" | "80, 443" | an age
            """),
        new("Table_OfEvents", async p =>
        {
            await p.MakeAsync("events", Events.Event("a", p.Namespace));
            Rows(p, await TableAsync(p, "events"));
        }, """
            GET events 200
              kind="Table", apiVersion="meta.k8s.io/v1"
              application/json
              Last Seen string  0 | Type string  0 | Reason string  0 | Object string  0 | Subobject string  1 | Source string  1 | Message string  0 | First Seen string  1 | Count string  1 | Name string name 1
              an age | "Warning" | "Synced" | "widget/podinfo" | "" | "tester" | "It happened." | an age | 1 | "a"
            """),
        new("Table_ForATableOfTheFirstBeta", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            var table = await p.GetAsync("configmaps", "application/json;as=Table;v=v1beta1;g=meta.k8s.io");
            p.Show(table, "kind", "apiVersion", "rows/0/object/apiVersion");
            p.Say($"  {table.ContentType}");
        }, """
            GET configmaps 200
              kind="Table", apiVersion="meta.k8s.io/v1beta1", rows/0/object/apiVersion="meta.k8s.io/v1beta1"
              application/json
            """),
    ];

    private static Task<Answer> TableAsync(ApiProbe p, string path) => p.GetAsync(path, ApiProbe.Table);

    /// <summary>The columns, and the rows' cells; ages are not compared.</summary>
    private static void Rows(ApiProbe p, Answer table)
    {
        p.Show(table, "kind", "apiVersion");
        p.Say($"  {table.ContentType}");
        var columns = (JsonArray)table.Json["columnDefinitions"]!;
        p.Say("  " + string.Join(" | ", columns.Select(c => $"{c!["name"]} {c["type"]} {c["format"]} {c["priority"]}")));
        foreach (var row in (JsonArray)table.Json["rows"]!)
        {
            p.Say("  " + string.Join(" | ", row!["cells"]!.AsArray().Select((c, i) => (string?)columns[i]!["name"] is "Age" or "Last Seen" or "First Seen" ? "an age" : c?.ToJsonString() ?? "null")));
        }
    }
}
