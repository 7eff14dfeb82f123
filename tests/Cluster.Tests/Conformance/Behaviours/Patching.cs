namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Merge, strategic merge and JSON patch.</summary>
internal static class Patching
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("MergePatch_MergesMaps_ReplacesLists_RemovesNulls", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red, words: {a: '1', b: '2'}, tags: [x, y]}}");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {words: {b: null, c: '3'}, tags: [z]}}"), "spec/words", "spec/tags", "spec/color");
        }, """
            PATCH widgets/a 200
              spec/words={"a":"1","c":"3"}, spec/tags=["z"], spec/color="red"
            """),
        new("MergePatch_WithAStaleVersion_Conflicts", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            await p.ChangeAsync("configmaps/a", "{data: {k: '1'}}");
            p.ShowMessage(await p.PatchAsync("configmaps/a", $"{{metadata: {{resourceVersion: '{(string?)first["metadata"]!["resourceVersion"]}'}}, data: {{k: '2'}}}}"));
            p.ShowMessage(await p.PatchAsync("configmaps/a", "{metadata: {uid: 11111111-2222-3333-4444-555555555555}}"));
        }, """
            PATCH configmaps/a 409 Conflict
              Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again
            PATCH configmaps/a 422 Invalid
              cause FieldValueInvalid metadata.uid
              ConfigMap "a" is invalid: metadata.uid: Invalid value: "uid1": field is immutable
            """),
        new("MergePatch_OfServerFields_ChangesThemNot", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            var patched = await p.PatchAsync("configmaps/a", "{metadata: {creationTimestamp: '2001-01-01T00:00:00Z', deletionTimestamp: '2001-01-01T00:00:00Z', selfLink: /x}}");
            p.Say((string?)patched.Json["metadata"]!["creationTimestamp"] == "2001-01-01T00:00:00Z" ? "  changed" : "  kept");
            p.Show(patched, "metadata/deletionTimestamp");
        }, """
            PATCH configmaps/a 422 Invalid
              cause FieldValueInvalid metadata.deletionTimestamp
              kept
              metadata/deletionTimestamp=-
            """),
        new("MergePatch_OfTheName_IsRefused", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.ShowMessage(await p.PatchAsync("configmaps/a", "{metadata: {name: b}}"));
            await p.PatchAsync("configmaps/a", "{kind: Secret}");
        }, """
            PATCH configmaps/a 400 BadRequest
              the name of the object (b) does not match the name on the URL (a)
            PATCH configmaps/a 422 Invalid
              cause FieldValueInvalid patch
            """),
        new("StrategicMerge_MergesListsByTheirKeys", async p =>
        {
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            var patched = await p.PatchAsync("deployments/a", """
                spec:
                  template:
                    spec:
                      containers:
                        - name: main
                          image: app:2
                          env: [{ name: B, value: '3' }, { name: C, value: '4' }]
                """, ApiProbe.Strategic);
            var added = await p.PatchAsync("deployments/a", "{spec: {template: {spec: {containers: [{name: main, env: [{name: D, value: '5'}]}]}}}}", ApiProbe.Strategic);
            p.Show(added, "spec/template/spec/containers/0/env");
            p.Show(patched, "metadata/generation", "spec/template/spec/containers/0/image", "spec/template/spec/containers/0/env", "spec/template/spec/containers/1/name");
        }, """
            PATCH deployments/a 200
            PATCH deployments/a 200
              spec/template/spec/containers/0/env=[{"name":"D","value":"5"},{"name":"A","value":"1"},{"name":"B","value":"3"},{"name":"C","value":"4"}]
              metadata/generation=2, spec/template/spec/containers/0/image="app:2", spec/template/spec/containers/0/env=[{"name":"A","value":"1"},{"name":"B","value":"3"},{"name":"C","value":"4"}], spec/template/spec/containers/1/name="side"
            """),
        new("StrategicMerge_Directives", async p =>
        {
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            var deleted = await p.PatchAsync("deployments/a", "{spec: {template: {spec: {containers: [{name: side, $patch: delete}]}}}}", ApiProbe.Strategic);
            p.Show(deleted, "spec/template/spec/containers/0/name", "spec/template/spec/containers/1/name");
            var ordered = await p.PatchAsync("deployments/a", """
                spec:
                  template:
                    spec:
                      $setElementOrder/containers: [{ name: new }, { name: main }]
                      containers: [{ name: new, image: new:1 }]
                """, ApiProbe.Strategic);
            p.Show(ordered, "spec/template/spec/containers/0/name", "spec/template/spec/containers/1/name");
            var replaced = await p.PatchAsync("deployments/a", "{spec: {template: {spec: {containers: [{name: only, image: only:1}, {$patch: replace}]}}}}", ApiProbe.Strategic);
            p.Show(replaced, "spec/template/spec/containers/0/name", "spec/template/spec/containers/1/name");
            var retained = await p.PatchAsync("deployments/a", "{spec: {strategy: {$retainKeys: [type], type: Recreate}}}", ApiProbe.Strategic);
            p.Show(retained, "spec/strategy");
        }, """
            PATCH deployments/a 200
              spec/template/spec/containers/0/name="main", spec/template/spec/containers/1/name=-
            PATCH deployments/a 200
              spec/template/spec/containers/0/name="new", spec/template/spec/containers/1/name="main"
            PATCH deployments/a 200
              spec/template/spec/containers/0/name="only", spec/template/spec/containers/1/name=-
            PATCH deployments/a 200
              spec/strategy={"type":"Recreate"}
            """),
        new("StrategicMerge_PrimitiveLists", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a, finalizers: [x.io/a, x.io/b]}}");
            p.Show(await p.PatchAsync("configmaps/a", "{metadata: {finalizers: [x.io/c]}}", ApiProbe.Strategic), "metadata/finalizers");
            p.Show(await p.PatchAsync("configmaps/a", "{metadata: {$deleteFromPrimitiveList/finalizers: [x.io/a]}}", ApiProbe.Strategic), "metadata/finalizers");
            p.Show(await p.PatchAsync("configmaps/a", "{metadata: {$deleteFromPrimitiveList/finalizers: [x.io/b], finalizers: [x.io/d]}}", ApiProbe.Strategic), "metadata/finalizers");
            p.Show(await p.PatchAsync("configmaps/a", "{metadata: {finalizers: null}}", ApiProbe.Strategic), "metadata/finalizers");
        }, """
            PATCH configmaps/a 200
              metadata/finalizers=["x.io/c","x.io/a","x.io/b"]
            PATCH configmaps/a 200
              metadata/finalizers=["x.io/c","x.io/b"]
            PATCH configmaps/a 200
              metadata/finalizers=["x.io/d","x.io/c"]
            PATCH configmaps/a 200
              metadata/finalizers=-
            """),
        new("StrategicMerge_ServicePorts", async p =>
        {
            await p.MakeAsync("services", "{metadata: {name: a}, spec: {selector: {app: a}, ports: [{name: http, port: 80}, {name: more, port: 81, targetPort: 8081}]}}");
            var patched = await p.PatchAsync("services/a", "{spec: {selector: {app: b}, ports: [{port: 80, targetPort: 8080}]}}", ApiProbe.Strategic);
            p.Show(patched, "spec/selector", "spec/ports/0", "spec/ports/1/port");
        }, """
            PATCH services/a 200
              spec/selector={"app":"b"}, spec/ports/0={"name":"http","port":80,"protocol":"TCP","targetPort":8080}, spec/ports/1/port=81
            """),
        new("StrategicMerge_OfACustomResource_IsNotSupported", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.ShowMessage(await p.PatchAsync("widgets/a", "{spec: {color: blue}}", ApiProbe.Strategic));
        }, """
            PATCH widgets/a 415 UnsupportedMediaType
              the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml
            """),
        new("JsonPatch_Operations", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a, annotations: {a: b}}, spec: {color: red, tags: [x, y], words: {a: '1'}}}");
            var patched = await p.PatchAsync("widgets/a", """
                - { op: test, path: /spec/color, value: red }
                - { op: replace, path: /spec/color, value: blue }
                - { op: add, path: /spec/tags/1, value: between }
                - { op: add, path: /spec/tags/-, value: last }
                - { op: remove, path: /spec/words/a }
                - { op: copy, from: /spec/color, path: /spec/words/copied }
                - { op: move, from: /metadata/annotations/a, path: /metadata/annotations/x.io~1y }
                """, ApiProbe.JsonPatch);
            p.Show(patched, "spec/color", "spec/tags", "spec/words", "metadata/annotations");
        }, """
            PATCH widgets/a 200
              spec/color="blue", spec/tags=["x","between","y","last"], spec/words={"copied":"blue"}, metadata/annotations={"x.io/y":"b"}
            """),
        new("JsonPatch_ThatDoesNotFit_IsRefused", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            await p.PatchAsync("configmaps/a", "[{op: test, path: /data/k, value: '2'}]", ApiProbe.JsonPatch);
            await p.PatchAsync("configmaps/a", "[{op: remove, path: /data/missing}]", ApiProbe.JsonPatch);
            await p.PatchAsync("configmaps/a", "[{op: add, path: /missing/deep, value: 1}]", ApiProbe.JsonPatch);
            await p.PatchAsync("configmaps/a", "{data: {k: '2'}}", ApiProbe.JsonPatch);
            await p.PatchAsync("configmaps/a", "[1, 2]");
            p.Show(await p.ReadAsync("configmaps/a"), "data");
        }, """
            PATCH configmaps/a 422 Invalid
            PATCH configmaps/a 422 Invalid
            PATCH configmaps/a 422 Invalid
            PATCH configmaps/a 400 BadRequest
            PATCH configmaps/a 422 Invalid
              cause FieldValueInvalid patch
              data={"k":"1"}
            """),
        new("Patch_OfAnUnknownType_IsRefused", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.Show(await p.PatchAsync("configmaps/a", "{data: {k: '1'}}", "application/json"), "reason");
        }, """
            PATCH configmaps/a 415 UnsupportedMediaType
              reason="UnsupportedMediaType"
            """),
    ];
}
