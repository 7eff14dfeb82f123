namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Deletion: preconditions, finalizers, collections, namespaces.</summary>
internal static class Deleting
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Delete_AnswersWithASuccess", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.Show(await p.DeleteAsync("configmaps/a"), "kind", "apiVersion", "status", "details");
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(await p.DeleteAsync("widgets/a"), "kind", "status", "details");
            var gone = await p.DeleteAsync("widgets/a");
            p.Show(gone, "details");
            p.ShowMessage(gone);
        }, """
            DELETE configmaps/a 200
              kind="Status", apiVersion="v1", status="Success", details={"kind":"configmaps","name":"a","uid":"uid1"}
            DELETE widgets/a 200
              kind="Status", status="Success", details={"group":"conformance.example.com","kind":"widgets","name":"a","uid":"uid2"}
            DELETE widgets/a 404 NotFound
              details={"group":"conformance.example.com","kind":"widgets","name":"a"}
              widgets.conformance.example.com "a" not found
            """),
        new("Delete_Preconditions", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.ShowMessage(await p.DeleteAsync("configmaps/a", "{preconditions: {uid: 11111111-2222-3333-4444-555555555555}}"));
            await p.ChangeAsync("configmaps/a", "{data: {k: '1'}}");
            await p.DeleteAsync("configmaps/a", $"{{preconditions: {{resourceVersion: '{(string?)first["metadata"]!["resourceVersion"]}'}}}}");
            await p.DeleteAsync("configmaps/a", $"{{preconditions: {{uid: {(string?)first["metadata"]!["uid"]}}}}}");
            await p.GetAsync("configmaps/a");
        }, """
            DELETE configmaps/a 409 Conflict
              Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (uid1) does not match the UID in record (uid2). The object might have been deleted and then recreated
            DELETE configmaps/a 409 Conflict
            DELETE configmaps/a 200
            GET configmaps/a 404 NotFound
            """),
        new("Delete_WithFinalizers_MarksAndWaits", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a, finalizers: [x.io/hold]}, spec: {color: red}}");
            var marked = await p.DeleteAsync("widgets/a");
            p.Show(marked, "kind", "metadata/deletionTimestamp", "metadata/deletionGracePeriodSeconds", "metadata/generation", "metadata/finalizers");
            var again = await p.DeleteAsync("widgets/a");
            p.Show(again, "kind", "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {color: blue}}"), "spec/color", "metadata/generation");
            p.ShowMessage(await p.PatchAsync("widgets/a", "{metadata: {finalizers: [x.io/hold, x.io/more]}}"));
            p.Show(await p.PatchAsync("widgets/a", "{metadata: {finalizers: null}}"), "metadata/name");
            await p.GetAsync("widgets/a");
        }, """
            DELETE widgets/a 200
              kind="Widget", metadata/deletionTimestamp="TIME", metadata/deletionGracePeriodSeconds=0, metadata/generation=2, metadata/finalizers=["x.io/hold"]
            DELETE widgets/a 200
              kind="Widget", metadata/generation=2
            PATCH widgets/a 200
              spec/color="blue", metadata/generation=3
            PATCH widgets/a 422 Invalid
              cause FieldValueForbidden metadata.finalizers
              Widget.conformance.example.com "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.io/more"}
            PATCH widgets/a 200
              metadata/name="a"
            GET widgets/a 404 NotFound
            """),
        new("Delete_OfABuiltInKindWithFinalizers", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a, finalizers: [x.io/hold]}}");
            p.Show(await p.DeleteAsync("configmaps/a"), "kind", "metadata/deletionTimestamp", "metadata/deletionGracePeriodSeconds", "metadata/generation");
            await p.PostAsync("configmaps", "{metadata: {name: a}}");
            await p.PatchAsync("configmaps/a", "[{op: remove, path: /metadata/finalizers/0}]", ApiProbe.JsonPatch);
            await p.GetAsync("configmaps/a");
        }, """
            DELETE configmaps/a 200
              kind="ConfigMap", metadata/deletionTimestamp="TIME", metadata/deletionGracePeriodSeconds=0, metadata/generation=-
            POST configmaps 409 AlreadyExists
            PATCH configmaps/a 200
            GET configmaps/a 404 NotFound
            """),
        new("Delete_WithAnUnknownPolicy_IsRefused", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.ShowMessage(await p.DeleteAsync("configmaps/a", "{propagationPolicy: Sideways}"));
            p.ShowMessage(await p.DeleteAsync("configmaps/a", "{propagationPolicy: Orphan, orphanDependents: true}"));
            await p.GetAsync("configmaps/a");
        }, """
            DELETE configmaps/a 422 Invalid
              cause FieldValueNotSupported propagationPolicy
              DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"
            DELETE configmaps/a 422 Invalid
              cause FieldValueInvalid propagationPolicy
              DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set
            GET configmaps/a 200
            """),
        new("DeleteCollection_TakesWhatIsSelected", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a, labels: {x: '1'}}}");
            await p.MakeAsync("configmaps", "{metadata: {name: b, labels: {x: '2'}}}");
            await p.MakeAsync("configmaps", "{metadata: {name: c, labels: {x: '1'}, finalizers: [x.io/hold]}}");
            var deleted = await p.DeleteAsync("configmaps?labelSelector=x%3D1");
            p.Show(deleted, "kind", "items/0/metadata/name", "items/1/metadata/name", "items/2");
            p.Show(await p.GetAsync("configmaps"), "items/0/metadata/name", "items/1/metadata/name", "items/1/metadata/deletionTimestamp", "items/2");
            await p.ChangeAsync("configmaps/c", "{metadata: {finalizers: null}}");
        }, """
            DELETE configmaps?labelSelector=x%3D1 200
              kind="ConfigMapList", items/0/metadata/name="a", items/1/metadata/name="c", items/2=-
            GET configmaps 200
              items/0/metadata/name="b", items/1/metadata/name="c", items/1/metadata/deletionTimestamp="TIME", items/2=-
            """),
        new("Namespace_ThatIsBeingDeleted_TakesNothingNew_AndGoesWhenEmpty", async p =>
        {
            var other = $"{p.Namespace}-gone";
            var collection = $"/api/v1/namespaces/{other}/configmaps";
            await p.MakeAsync("/api/v1/namespaces", $"{{apiVersion: v1, kind: Namespace, metadata: {{name: {other}}}}}");
            await p.MakeAsync(collection, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [x.io/hold]}}");
            await p.MakeAsync(collection, "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
            p.Show(await p.DeleteAsync($"/api/v1/namespaces/{other}"), "status/phase", "metadata/deletionTimestamp");
            var refused = await p.PostAsync(collection, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");
            p.Show(refused, "details/causes/0/message");
            p.ShowMessage(refused);
            await p.GoneAsync($"{collection}/b");
            await p.GetAsync($"/api/v1/namespaces/{other}");
            await p.ChangeAsync($"{collection}/a", "{metadata: {finalizers: null}}");
            await p.GoneAsync($"/api/v1/namespaces/{other}");
        }, """
            DELETE /api/v1/namespaces/NS-gone 200
              status/phase="Terminating", metadata/deletionTimestamp="TIME"
            POST /api/v1/namespaces/NS-gone/configmaps 403 Forbidden
              cause NamespaceTerminating metadata.namespace
              details/causes/0/message="namespace NS-gone is being terminated"
              configmaps "c" is forbidden: unable to create new content in namespace NS-gone because it is being terminated
            /api/v1/namespaces/NS-gone/configmaps/b is gone
            GET /api/v1/namespaces/NS-gone 200
            /api/v1/namespaces/NS-gone is gone
            """),
    ];
}
