using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Lists: selectors, pages, forms.</summary>
internal static class Reading
{
    private const string Metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string MetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("List_HasItsKindAndAVersion", async p =>
        {
            await ThreeAsync(p);
            var list = await p.GetAsync("configmaps");
            p.Show(list, "kind", "apiVersion", "items/0/kind", "items/0/metadata/name", "items/1/metadata/name", "items/2/metadata/name", "items/3");
            p.Say(Answer.Field(list.Json, "metadata/resourceVersion") is null ? "  no version" : "  a version");
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(await p.GetAsync("widgets"), "kind", "apiVersion", "items/0/kind", "items/0/apiVersion", "items/1");
            p.Show(await p.GetAsync("leases"), "kind", "items");
        }, """
            GET configmaps 200
              kind="ConfigMapList", apiVersion="v1", items/0/kind=-, items/0/metadata/name="a", items/1/metadata/name="b", items/2/metadata/name="c", items/3=-
              a version
            GET widgets 200
              kind="WidgetList", apiVersion="conformance.example.com/v1", items/0/kind="Widget", items/0/apiVersion="conformance.example.com/v1", items/1=-
            GET leases 200
              kind="LeaseList", items=[]
            """),
        new("List_ByLabels", async p =>
        {
            await ThreeAsync(p);
            foreach (var selector in new[] { "x%3D1", "x%3D%3D1", "x%21%3D1", "x", "%21x", "x+in+%281%2C2%29", "x+notin+%281%29", "x%3D1%2Cy%3D1", "x%3E1" })
            {
                Names(p, await p.GetAsync($"configmaps?labelSelector={selector}"));
            }

            await p.GetAsync("configmaps?labelSelector=x+near+y");
        }, """
            GET configmaps?labelSelector=x%3D1 200
              a b
            GET configmaps?labelSelector=x%3D%3D1 200
              a b
            GET configmaps?labelSelector=x%21%3D1 200
              c
            GET configmaps?labelSelector=x 200
              a b c
            GET configmaps?labelSelector=%21x 200

            GET configmaps?labelSelector=x+in+%281%2C2%29 200
              a b c
            GET configmaps?labelSelector=x+notin+%281%29 200
              c
            GET configmaps?labelSelector=x%3D1%2Cy%3D1 200
              b
            GET configmaps?labelSelector=x%3E1 200
              c
            GET configmaps?labelSelector=x+near+y 400 BadRequest
            """),
        new("List_ByFields", async p =>
        {
            await ThreeAsync(p);
            Names(p, await p.GetAsync("configmaps?fieldSelector=metadata.name%3Da"));
            Names(p, await p.GetAsync("configmaps?fieldSelector=metadata.name%21%3Da"));
            Names(p, await p.GetAsync($"configmaps?fieldSelector=metadata.namespace%3D{p.Namespace}%2Cmetadata.name%3Db"));
            p.ShowMessage(await p.GetAsync("configmaps?fieldSelector=data.k%3Db"));
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            Names(p, await p.GetAsync("widgets?fieldSelector=metadata.name%3Da"));
            p.ShowMessage(await p.GetAsync("widgets?fieldSelector=spec.color%3Dred"));
            await p.MakeAsync("secrets", "{metadata: {name: a}, type: my/type}");
            Names(p, await p.GetAsync("secrets?fieldSelector=type%3Dmy%2Ftype"));
            Names(p, await p.GetAsync("secrets?fieldSelector=type%3Dother"));
        }, """
            GET configmaps?fieldSelector=metadata.name%3Da 200
              a
            GET configmaps?fieldSelector=metadata.name%21%3Da 200
              b c
            GET configmaps?fieldSelector=metadata.namespace%3DNS%2Cmetadata.name%3Db 200
              b
            GET configmaps?fieldSelector=data.k%3Db 400 BadRequest
              "data.k" is not a known field selector: only "metadata.name", "metadata.namespace"
            GET widgets?fieldSelector=metadata.name%3Da 200
              a
            GET widgets?fieldSelector=spec.color%3Dred 400 BadRequest
              field label not supported: spec.color
            GET secrets?fieldSelector=type%3Dmy%2Ftype 200
              a
            GET secrets?fieldSelector=type%3Dother 200

            """),
        new("List_InPages", async p =>
        {
            await ThreeAsync(p);
            var first = await p.GetAsync("configmaps?limit=2");
            Names(p, first);
            p.Show(first, "metadata/remainingItemCount");
            var token = (string?)first.Json["metadata"]!["continue"];
            await p.MakeAsync("configmaps", "{metadata: {name: aa}}");
            var second = await p.SendAsync(HttpMethod.Get, $"configmaps?limit=2&continue={Uri.EscapeDataString(token!)}");
            p.Say($"second page {second.Code}");
            Names(p, second);
            p.Show(second, "metadata/remainingItemCount", "metadata/continue");
            p.Say((string?)first.Json["metadata"]!["resourceVersion"] == (string?)second.Json["metadata"]!["resourceVersion"] ? "  the same version" : "  another version");
            await p.GetAsync("configmaps?limit=2&continue=nonsense");
            Names(p, await p.GetAsync("configmaps?limit=2&labelSelector=x%3D1"));
        }, """
            GET configmaps?limit=2 200
              a b
              metadata/remainingItemCount=1
            second page 200
              c
              metadata/remainingItemCount=-, metadata/continue=-
              the same version
            GET configmaps?limit=2&continue=nonsense 400 BadRequest
            GET configmaps?limit=2&labelSelector=x%3D1 200
              a b
            """),
        new("List_MetadataOnly", async p =>
        {
            await ThreeAsync(p);
            var list = await p.GetAsync("configmaps?limit=1", MetadataList);
            p.Show(list, "kind", "apiVersion", "items/0/kind", "items/0/apiVersion", "items/0/metadata/name", "items/0/metadata/labels", "items/0/data");
            p.Say($"  {list.ContentType}");
            var one = await p.GetAsync("configmaps/a", Metadata);
            p.Show(one, "kind", "apiVersion", "metadata/name", "data");
            p.Say($"  {one.ContentType}");
            await p.GetAsync("configmaps", Metadata);
            await p.GetAsync("configmaps/a", MetadataList);
        }, """
            GET configmaps?limit=1 200
              kind="PartialObjectMetadataList", apiVersion="meta.k8s.io/v1", items/0/kind="PartialObjectMetadata", items/0/apiVersion="meta.k8s.io/v1", items/0/metadata/name="a", items/0/metadata/labels={"x":"1"}, items/0/data=-
              application/json
            GET configmaps/a 200
              kind="PartialObjectMetadata", apiVersion="meta.k8s.io/v1", metadata/name="a", data=-
              application/json
            GET configmaps 406 NotAcceptable
            GET configmaps/a 406 NotAcceptable
            """),
        new("Get_OfWhatIsNotThere", async p =>
        {
            var missing = await p.GetAsync("configmaps/a");
            p.Show(missing, "kind", "apiVersion", "metadata", "status", "reason", "details", "code");
            p.ShowMessage(missing);
            p.Show(await p.GetAsync("widgets/a"), "details");
            p.Show(await p.GetAsync("deployments/a"), "details");
            var kind = await p.GetAsync($"/apis/conformance.example.com/v1/namespaces/{p.Namespace}/nonsense");
            p.Say($"  {kind.ContentType}");
            await p.GetAsync($"/apis/nonsense.example.com/v1/namespaces/{p.Namespace}/widgets");
            await p.GetAsync($"/apis/conformance.example.com/v9/namespaces/{p.Namespace}/widgets");
            await p.GetAsync("/apis/conformance.example.com/v1/widgets/a");
            await p.GetAsync($"/api/v1/namespaces/{p.Namespace}/nonsense");
            await p.GetAsync("configmaps/a/status");
            p.Say($"whole cluster {(await p.SendAsync(HttpMethod.Get, "/api/v1/configmaps")).Code}");
        }, """
            GET configmaps/a 404 NotFound
              kind="Status", apiVersion="v1", metadata={}, status="Failure", reason="NotFound", details={"kind":"configmaps","name":"a"}, code=404
              configmaps "a" not found
            GET widgets/a 404 NotFound
              details={"group":"conformance.example.com","kind":"widgets","name":"a"}
            GET deployments/a 404 NotFound
              details={"group":"apps","kind":"deployments","name":"a"}
            GET /apis/conformance.example.com/v1/namespaces/NS/nonsense 404 404 page not found
              text/plain; charset=utf-8
            GET /apis/nonsense.example.com/v1/namespaces/NS/widgets 404 404 page not found
            GET /apis/conformance.example.com/v9/namespaces/NS/widgets 404 404 page not found
            GET /apis/conformance.example.com/v1/widgets/a 404 404 page not found
            GET /api/v1/namespaces/NS/nonsense 404 NotFound
            GET configmaps/a/status 404 NotFound
            whole cluster 200
            """),
        new("Get_InAFormThatNobodyOffers_NotAcceptable", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.Show(await p.GetAsync("configmaps/a", "text/html"), "reason", "code");
            p.Show(await p.GetAsync("configmaps/a", "text/html, */*"), "kind");
            p.Show(await p.GetAsync("configmaps/a", "application/json;as=Sculpture;v=v1;g=meta.k8s.io,application/json"), "kind");
            p.Show(await p.GetAsync("configmaps/a", "application/vnd.kubernetes.protobuf;q=0.1,application/json"), "kind");
            await p.GetAsync("widgets", "application/json;as=Sculpture;v=v1;g=meta.k8s.io");
        }, """
            GET configmaps/a 406 NotAcceptable
              reason="NotAcceptable", code=406
            GET configmaps/a 200
              kind="ConfigMap"
            GET configmaps/a 200
              kind="ConfigMap"
            GET configmaps/a 200
              kind="ConfigMap"
            GET widgets 406 NotAcceptable
            """),
        new("List_AtAVersion", async p =>
        {
            await ThreeAsync(p);
            p.ShowMessage(await p.GetAsync("configmaps?resourceVersion=soon"));
            p.ShowMessage(await p.GetAsync("configmaps/a?resourceVersion=soon"));
        }, """
            GET configmaps?resourceVersion=soon 500
              resourceVersion: Invalid value: "soon": strconv.ParseUint: parsing "soon": invalid syntax
            GET configmaps/a?resourceVersion=soon 500
              resourceVersion: Invalid value: "soon": strconv.ParseUint: parsing "soon": invalid syntax
            """),
    ];

    private static async Task ThreeAsync(ApiProbe p)
    {
        await p.MakeAsync("configmaps", "{metadata: {name: b, labels: {x: '1', y: '1'}}, data: {k: b}}");
        await p.MakeAsync("configmaps", "{metadata: {name: a, labels: {x: '1'}}, data: {k: a}}");
        await p.MakeAsync("configmaps", "{metadata: {name: c, labels: {x: '2'}}, data: {k: c}}");
    }

    private static void Names(ApiProbe p, Answer list)
    {
        if (list.Code == 200)
        {
            p.Say("  " + string.Join(' ', ((JsonArray)list.Json["items"]!).Select(i => (string?)i!["metadata"]!["name"])));
        }
    }
}
