namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Server-side apply and the accounts of fields.</summary>
internal static class Applying
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Apply_CreatesWhatIsMissing_AndUpdatesTheRest", async p =>
        {
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '1'}}"), "data", "metadata/uid");
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '2'}}"), "data", "metadata/uid");
            p.Show(await p.ApplyAsync("widgets/a", "one", "{spec: {color: red}}"), "spec", "metadata/generation");
            p.Show(await p.ApplyAsync("widgets/a", "one", "{spec: {color: blue}}"), "spec", "metadata/generation");
        }, """
            PATCH configmaps/a?fieldManager=one 201
              data={"k":"1"}, metadata/uid="uid1"
            PATCH configmaps/a?fieldManager=one 200
              data={"k":"2"}, metadata/uid="uid1"
            PATCH widgets/a?fieldManager=one 201
              spec={"always":"here","color":"red","size":3}, metadata/generation=1
            PATCH widgets/a?fieldManager=one 200
              spec={"always":"here","color":"blue","size":3}, metadata/generation=2
            """),
        new("Apply_OwnsItsFields", async p =>
        {
            var made = await p.ApplyAsync("configmaps/a", "one", "{metadata: {labels: {x: y}}, data: {k: '1'}}");
            p.Show(made, "metadata/managedFields/0/manager", "metadata/managedFields/0/operation", "metadata/managedFields/0/apiVersion", "metadata/managedFields/0/fieldsType",
                "metadata/managedFields/0/time", "metadata/managedFields/1");
            p.Show(made, "metadata/managedFields/0/fieldsV1");
        }, """
            PATCH configmaps/a?fieldManager=one 201
              metadata/managedFields/0/manager="one", metadata/managedFields/0/operation="Apply", metadata/managedFields/0/apiVersion="v1", metadata/managedFields/0/fieldsType="FieldsV1", metadata/managedFields/0/time="TIME", metadata/managedFields/1=-
              metadata/managedFields/0/fieldsV1={"f:data":{"f:k":{}},"f:metadata":{"f:labels":{"f:x":{}}}}
            """),
        new("Apply_OfAnothersField_Conflicts_UnlessForced", async p =>
        {
            await p.ApplyAsync("configmaps/a", "one", "{data: {k: '1', l: '1'}}");
            var refused = await p.ApplyAsync("configmaps/a", "two", "{data: {k: '2', l: '2', m: '2'}}");
            p.Show(refused, "reason", "details/causes/0/message");
            p.ShowMessage(await p.ApplyAsync("configmaps/a", "two", "{data: {k: '2'}}"));
            var forced = await p.ApplyAsync("configmaps/a", "two", "{data: {k: '2'}}", force: true);
            p.Show(forced, "data", "metadata/managedFields/0/manager", "metadata/managedFields/0/fieldsV1", "metadata/managedFields/1/manager", "metadata/managedFields/1/fieldsV1");
        }, """
            PATCH configmaps/a?fieldManager=one 201
            PATCH configmaps/a?fieldManager=two 409 Conflict
              cause FieldManagerConflict .data.k
              cause FieldManagerConflict .data.l
              reason="Conflict", details/causes/0/message="conflict with \"one\""
            PATCH configmaps/a?fieldManager=two 409 Conflict
              cause FieldManagerConflict .data.k
              Apply failed with 1 conflict: conflict with "one": .data.k
            PATCH configmaps/a?fieldManager=two&force=true 200
              data={"k":"2","l":"1"}, metadata/managedFields/0/manager="one", metadata/managedFields/0/fieldsV1={"f:data":{"f:l":{}}}, metadata/managedFields/1/manager="two", metadata/managedFields/1/fieldsV1={"f:data":{"f:k":{}}}
            """),
        new("Apply_OfTheSameValue_SharesTheField", async p =>
        {
            await p.ApplyAsync("configmaps/a", "one", "{data: {k: '1'}}");
            await p.ApplyAsync("configmaps/a", "two", "{data: {k: '1'}}");
            var left = await p.ApplyAsync("configmaps/a", "one", "{data: {other: '1'}}");
            p.Show(left, "data");
        }, """
            PATCH configmaps/a?fieldManager=one 201
            PATCH configmaps/a?fieldManager=two 200
            PATCH configmaps/a?fieldManager=one 200
              data={"k":"1","other":"1"}
            """),
        new("Apply_WithoutAFieldThatItHad_RemovesIt", async p =>
        {
            await p.ApplyAsync("widgets/a", "one", "{metadata: {labels: {x: y}}, spec: {color: red, words: {a: '1', b: '2'}, ports: [{port: 1, name: a}, {port: 2}]}}");
            await p.ChangeAsync("widgets/a", "{spec: {words: {c: '3'}}}");
            var less = await p.ApplyAsync("widgets/a", "one", "{spec: {color: red, words: {b: '2'}, ports: [{port: 2, name: b}]}}");
            p.Show(less, "metadata/labels", "spec/words", "spec/ports");
        }, """
            PATCH widgets/a?fieldManager=one 201
            PATCH widgets/a?fieldManager=one 200
              metadata/labels=-, spec/words={"b":"2","c":"3"}, spec/ports=[{"name":"b","port":2}]
            """),
        new("Apply_WithoutAnItemThatItHad_RemovesIt_WhoeverWroteInIt", async p =>
        {
            await p.ApplyAsync("widgets/a", "one", "{spec: {color: red, ports: [{port: 1}, {port: 2}]}}");
            await p.ApplyAsync("widgets/a", "two", "{spec: {ports: [{port: 2}]}}");
            await p.PatchAsync("widgets/a?fieldManager=three", "{spec: {ports: [{port: 1, name: a}, {port: 2, name: b}]}}");
            var less = await p.ApplyAsync("widgets/a", "one", "{spec: {color: red}}");
            p.Show(less, "spec/ports");
            p.ShowOwners(less);
        }, """
            PATCH widgets/a?fieldManager=one 201
            PATCH widgets/a?fieldManager=two 200
            PATCH widgets/a?fieldManager=three 200
            PATCH widgets/a?fieldManager=one 200
              spec/ports=[{"name":"b","port":2}]
              one by Apply: {"f:spec":{"f:color":{}}}
              three by Update: {"f:spec":{"f:ports":{"k:{\"port\":2}":{"f:name":{}}}}}
              two by Apply: {"f:spec":{"f:ports":{"k:{\"port\":2}":{"f:port":{}}}}}
            """),
        new("Apply_MergesListsByTheirKeys", async p =>
        {
            await p.ApplyAsync("widgets/a", "one", "{spec: {color: red, ports: [{port: 1, name: a}], tags: [a], items: [{name: one}]}}");
            var merged = await p.ApplyAsync("widgets/a", "two", "{spec: {ports: [{port: 2, name: b}], tags: [b]}}");
            p.Show(merged, "spec/ports", "spec/tags");
            await p.ApplyAsync("widgets/a", "two", "{spec: {ports: [{port: 1, name: c}]}}");
            await p.ApplyAsync("widgets/a", "two", "{spec: {items: [{name: two}]}}");
        }, """
            PATCH widgets/a?fieldManager=one 201
            PATCH widgets/a?fieldManager=two 200
              spec/ports=[{"name":"a","port":1},{"name":"b","port":2}], spec/tags=["a","b"]
            PATCH widgets/a?fieldManager=two 409 Conflict
              cause FieldManagerConflict .spec.ports[port=1].name
            PATCH widgets/a?fieldManager=two 409 Conflict
              cause FieldManagerConflict .spec.items
            """),
        new("Apply_ToABuiltInKind_MergesContainers", async p =>
        {
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            var applied = await p.ApplyAsync("deployments/a", "one", "{spec: {template: {spec: {containers: [{name: main, env: [{name: D, value: '4'}]}]}}}}");
            p.Show(applied, "spec/template/spec/containers/0/env", "spec/template/spec/containers/1/name", "spec/replicas");
            var conflict = await p.ApplyAsync("deployments/a", "one", "{spec: {template: {spec: {containers: [{name: main, image: app:9}]}}}}");
            p.ShowMessage(conflict);
        }, """
            PATCH deployments/a?fieldManager=one 200
              spec/template/spec/containers/0/env=[{"name":"A","value":"1"},{"name":"B","value":"2"},{"name":"D","value":"4"}], spec/template/spec/containers/1/name="side", spec/replicas=0
            PATCH deployments/a?fieldManager=one 409 Conflict
              cause FieldManagerConflict .spec.template.spec.containers[name="main"].image
              Apply failed with 1 conflict: conflict with "conformance" using apps/v1: .spec.template.spec.containers[name="main"].image
            """),
        new("Apply_NeedsAFieldManager_AndNoManagedFields", async p =>
        {
            const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""";
            p.ShowMessage(await p.TellAsync(HttpMethod.Patch, "configmaps/a", Body, ApiProbe.Apply));
            p.ShowMessage(await p.ApplyAsync("configmaps/a", "one", "{metadata: {managedFields: [{manager: x, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {}}]}}"));
            await p.TellAsync(HttpMethod.Patch, "configmaps/b?fieldManager=one", Body, ApiProbe.Apply);
            await p.TellAsync(HttpMethod.Patch, "configmaps/a?fieldManager=one", "not: [an, object", ApiProbe.Apply);
            await p.TellAsync(HttpMethod.Patch, "configmaps/a?fieldManager=one", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {yaml: 'is fine'}\n", ApiProbe.Apply);
        }, """
            PATCH configmaps/a 422 Invalid
              cause FieldValueRequired fieldManager
              PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch
            PATCH configmaps/a?fieldManager=one 400 BadRequest
              metadata.managedFields must be nil
            PATCH configmaps/b?fieldManager=one 400 BadRequest
            PATCH configmaps/a?fieldManager=one 400 BadRequest
            PATCH configmaps/a?fieldManager=one 201
            """),
        new("Apply_WithAStaleVersion_Conflicts", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            await p.ChangeAsync("configmaps/a", "{data: {k: '1'}}");
            await p.ApplyAsync("configmaps/a", "one", $"{{metadata: {{resourceVersion: '{(string?)first["metadata"]!["resourceVersion"]}'}}, data: {{l: '2'}}}}");
        }, """
            PATCH configmaps/a?fieldManager=one 409 Conflict
            """),
        new("Apply_WithoutChange_KeepsTheVersion", async p =>
        {
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '1'}}"), "metadata/resourceVersion");
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '1'}}"), "metadata/resourceVersion");
        }, """
            PATCH configmaps/a?fieldManager=one 201
              metadata/resourceVersion=version1
            PATCH configmaps/a?fieldManager=one 200
              metadata/resourceVersion=version1
            """),
        new("Apply_DryRun_StoresNothing", async p =>
        {
            var body = ApiProbe.Yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: '1'}}").ToJsonString();
            p.Show(await p.TellAsync(HttpMethod.Patch, "configmaps/a?fieldManager=one&dryRun=All", body, ApiProbe.Apply), "data");
            await p.GetAsync("configmaps/a");
        }, """
            PATCH configmaps/a?fieldManager=one&dryRun=All 201
              data={"k":"1"}
            GET configmaps/a 404 NotFound
            """),
        new("Update_OwnsWhatItChanges", async p =>
        {
            await p.MakeAsync("configmaps?fieldManager=maker", "{metadata: {name: a}, data: {k: '1', l: '1'}}");
            var changed = await p.PatchAsync("configmaps/a?fieldManager=changer", "{data: {k: '2'}}");
            p.ShowOwners(changed);
            p.ShowMessage(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '3'}}"));
        }, """
            PATCH configmaps/a?fieldManager=changer 200
              changer by Update: {"f:data":{"f:k":{}}}
              maker by Update: {"f:data":{"f:l":{}}}
            PATCH configmaps/a?fieldManager=one 409 Conflict
              cause FieldManagerConflict .data.k
              Apply failed with 1 conflict: conflict with "changer" using v1: .data.k
            """),
        new("FieldManager_Unnamed_IsTheUserAgent", async p =>
        {
            p.Show(await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}"), "metadata/managedFields/0/manager", "metadata/managedFields/0/operation");
            p.ShowMessage(await p.PostAsync($"configmaps?fieldManager={new string('x', 129)}", "{metadata: {name: b}}"));
        }, """
              metadata/managedFields/0/manager="conformance", metadata/managedFields/0/operation="Update"
            POST configmaps?fieldManager=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 422 Invalid
              cause FieldValueTooLong fieldManager
              CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: must have at most 128 bytes
            """),
        new("ManagedFields_EmptyList_ResetsThem", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            p.Show(await p.PatchAsync("configmaps/a", "{metadata: {managedFields: [{}]}}"), "metadata/managedFields");
            p.Show(await p.ReadAsync("configmaps/a"), "metadata/managedFields");
        }, """
            PATCH configmaps/a 200
              metadata/managedFields=-
              metadata/managedFields=-
            """),
    ];
}
