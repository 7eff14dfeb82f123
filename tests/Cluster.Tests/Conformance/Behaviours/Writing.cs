using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Create and update: identity, versions, generations, isolation of status, dry run.</summary>
internal static class Writing
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Create_GivesIdentity_AndForgetsWhatTheClientSaysOfIt", async p =>
        {
            var made = await p.PostAsync("configmaps", "{metadata: {name: a, uid: mine, generation: 7, creationTimestamp: '2001-01-01T00:00:00Z', selfLink: /x}, data: {k: v}}");
            p.Show(made, "kind", "apiVersion", "metadata/uid", "metadata/generation", "metadata/creationTimestamp", "metadata/selfLink", "metadata/namespace", "data");
        }, """
            POST configmaps 201
              kind="ConfigMap", apiVersion="v1", metadata/uid="uid1", metadata/generation=7, metadata/creationTimestamp="TIME", metadata/selfLink=-, metadata/namespace="NS", data={"k":"v"}
            """),
        new("Create_WithAResourceVersion_IsRefused", async p =>
        {
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {name: a, resourceVersion: '5'}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a, resourceVersion: '5'}, spec: {color: red}}"));
        }, """
            POST configmaps 500
              resourceVersion should not be set on objects to be created
            POST widgets 500
              resourceVersion should not be set on objects to be created
            """),
        new("Create_TakenName_AlreadyExists", async p =>
        {
            await p.PostAsync("configmaps", "{metadata: {name: a}}");
            var again = await p.PostAsync("configmaps", "{metadata: {name: a}}");
            p.Show(again, "kind", "apiVersion", "status", "reason", "code", "details");
            p.ShowMessage(again);
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            var widget = await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(widget, "details");
            p.ShowMessage(widget);
        }, """
            POST configmaps 201
            POST configmaps 409 AlreadyExists
              kind="Status", apiVersion="v1", status="Failure", reason="AlreadyExists", code=409, details={"kind":"configmaps","name":"a"}
              configmaps "a" already exists
            POST widgets 409 AlreadyExists
              details={"group":"conformance.example.com","kind":"widgets","name":"a"}
              widgets.conformance.example.com "a" already exists
            """),
        new("Create_GenerateName_AppendsFiveLetters", async p =>
        {
            var made = await p.PostAsync("configmaps", "{metadata: {generateName: made-}}");
            p.Show(made, "metadata/generateName");
            var name = (string)made.Json["metadata"]!["name"]!;
            p.Say($"  {name[..5]} and {name.Length - 5} letters");
            var given = await p.PostAsync("configmaps", "{metadata: {generateName: made-, name: given}}");
            p.Show(given, "metadata/name", "metadata/generateName");
        }, """
            POST configmaps 201
              metadata/generateName="made-"
              made- and 5 letters
            POST configmaps 201
              metadata/name="given", metadata/generateName="made-"
            """),
        new("Create_OfAnotherNamespaceOrKind_IsRefused", async p =>
        {
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {name: a, namespace: elsewhere}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{apiVersion: conformance.example.com/v1, kind: Plain, metadata: {name: a}, spec: {color: red}}"));
            await p.PostAsync("configmaps", "{apiVersion: v1, kind: Secret, metadata: {name: a}}");
        }, """
            POST configmaps 400 BadRequest
              the namespace of the provided object does not match the namespace sent on the request
            POST widgets 422 Invalid
              cause FieldValueInvalid kind
              Plain.conformance.example.com "a" is invalid: kind: Invalid value: "Plain": must be Widget
            POST configmaps 400 BadRequest
            """),
        new("Create_InAMissingNamespace_NotFound", async p =>
        {
            p.ShowMessage(await p.TellAsync(HttpMethod.Post, "/api/v1/namespaces/nowhere-at-all/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"""));
        }, """
            POST /api/v1/namespaces/nowhere-at-all/configmaps 404 NotFound
              namespaces "nowhere-at-all" not found
            """),
        new("Update_StaleVersion_Conflicts_AndChangesNothing", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            await p.ChangeAsync("configmaps/a", "{data: {k: '2'}}");
            var stale = await p.PutAsync("configmaps/a", first);
            p.Show(stale, "reason", "details");
            p.ShowMessage(stale);
            p.Show(await p.ReadAsync("configmaps/a"), "data/k");
        }, """
            PUT configmaps/a 409 Conflict
              reason="Conflict", details={"kind":"configmaps","name":"a"}
              Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again
              data/k="2"
            """),
        new("Update_OfACustomResource_NeedsAVersion", async p =>
        {
            var first = await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            var fresh = await p.PutAsync("widgets/a", first.DeepClone().AsObject());
            p.Show(fresh, "metadata/generation");
            first["metadata"]!.AsObject().Remove("resourceVersion");
            var blind = await p.PutAsync("widgets/a", first);
            p.ShowMessage(blind);
        }, """
            PUT widgets/a 200
              metadata/generation=1
            PUT widgets/a 422 Invalid
              cause FieldValueInvalid metadata.resourceVersion
              widgets.conformance.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update
            """),
        new("Update_WithoutVersion_OfABuiltInKind_Overwrites", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a, labels: {x: y}}, data: {k: '1'}}");
            var written = await p.PutAsync("configmaps/a", ApiProbe.Yaml("{metadata: {name: a}, data: {other: '2'}}"));
            p.Show(written, "data", "metadata/labels");
        }, """
            PUT configmaps/a 200
              data={"other":"2"}, metadata/labels=-
            """),
        new("Update_OfNothing_NotFound", async p =>
        {
            p.ShowMessage(await p.PutAsync("configmaps/a", ApiProbe.Yaml("{metadata: {name: a}}")));
            p.ShowMessage(await p.PutAsync("widgets/a", ApiProbe.Yaml("{metadata: {name: a, resourceVersion: '1'}, spec: {color: red}}")));
            p.ShowMessage(await p.PatchAsync("widgets/a", "{spec: {color: red}}"));
        }, """
            PUT configmaps/a 404 NotFound
              configmaps "a" not found
            PUT widgets/a 404 NotFound
              widgets.conformance.example.com "a" not found
            PATCH widgets/a 404 NotFound
              widgets.conformance.example.com "a" not found
            """),
        new("Update_OfAnotherName_IsRefused", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            p.ShowMessage(await p.PutAsync("configmaps/a", ApiProbe.Yaml("{metadata: {name: b}}")));
        }, """
            PUT configmaps/a 400 BadRequest
              the name of the object (b) does not match the name on the URL (a)
            """),
        new("Update_WithAnotherUid_Conflicts", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            await p.PutAsync("configmaps/a", ApiProbe.Yaml("{metadata: {name: a, uid: 11111111-2222-3333-4444-555555555555}}"));
        }, """
            PUT configmaps/a 409 Conflict
            """),
        new("Update_WithoutChange_KeepsTheVersion", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            var before = await p.ReadAsync("configmaps/a");
            p.Show(before, "metadata/resourceVersion");
            p.Show(await p.PutAsync("configmaps/a", before), "metadata/resourceVersion");
            p.Show(await p.PatchAsync("configmaps/a", "{data: {k: '1'}}"), "metadata/resourceVersion");
            p.Show(await p.PatchAsync("configmaps/a", "{data: {k: '2'}}"), "metadata/resourceVersion");
        }, """
              metadata/resourceVersion=version1
            PUT configmaps/a 200
              metadata/resourceVersion=version1
            PATCH configmaps/a 200
              metadata/resourceVersion=version1
            PATCH configmaps/a 200
              metadata/resourceVersion=version2
            """),
        new("Generation_CountsSpecChangesOnly", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(await p.PatchAsync("widgets/a", "{metadata: {labels: {x: y}}}"), "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a/status", "{status: {phase: New}}"), "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {color: green}}"), "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {color: green}}"), "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a", "{status: {phase: Old}}"), "metadata/generation", "status/phase");
        }, """
            PATCH widgets/a 200
              metadata/generation=1
            PATCH widgets/a/status 200
              metadata/generation=1
            PATCH widgets/a 200
              metadata/generation=2
            PATCH widgets/a 200
              metadata/generation=2
            PATCH widgets/a 200
              metadata/generation=2, status/phase="New"
            """),
        new("Generation_WithoutStatusSubresource_CountsEverythingButMetadata", async p =>
        {
            await p.MakeAsync("plains", "{metadata: {name: a}, spec: {x: 1}, other: 1}");
            p.Show(await p.PatchAsync("plains/a", "{metadata: {annotations: {x: y}}}"), "metadata/generation");
            p.Show(await p.PatchAsync("plains/a", "{status: {x: 1}}"), "metadata/generation", "status");
            p.Show(await p.PatchAsync("plains/a", "{other: 2}"), "metadata/generation", "other");
        }, """
            PATCH plains/a 200
              metadata/generation=1
            PATCH plains/a 200
              metadata/generation=2, status={"x":1}
            PATCH plains/a 200
              metadata/generation=3, other=2
            """),
        new("Generation_OfBuiltInKinds", async p =>
        {
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            p.Show(await p.ReadAsync("deployments/a"), "metadata/generation");
            p.Show(await p.PatchAsync("deployments/a", "{metadata: {labels: {x: y}}}"), "metadata/generation");
            p.Show(await p.PatchAsync("deployments/a", "{spec: {paused: true}}"), "metadata/generation");
            await p.MakeAsync("services", "{metadata: {name: a}, spec: {ports: [{port: 80}]}}");
            p.Show(await p.ReadAsync("services/a"), "metadata/generation");
            await p.MakeAsync("leases", "{metadata: {name: a}, spec: {holderIdentity: me}}");
            p.Show(await p.ReadAsync("leases/a"), "metadata/generation");
        }, """
              metadata/generation=1
            PATCH deployments/a 200
              metadata/generation=1
            PATCH deployments/a 200
              metadata/generation=2
              metadata/generation=-
              metadata/generation=-
            """),
        new("Status_OfANewObject_IsDropped", async p =>
        {
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red}, status: {phase: New}}"), "status");
            p.Show(await p.PostAsync("plains", "{metadata: {name: a}, status: {phase: New}}"), "status");
            p.Show(await p.PostAsync("ingresses", "{metadata: {name: a}, spec: {defaultBackend: {service: {name: b, port: {number: 80}}}}, status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}}"), "status");
        }, """
            POST widgets 201
              status=-
            POST plains 201
              status={"phase":"New"}
            POST ingresses 201
              status={"loadBalancer":{}}
            """),
        new("Status_AndTheRest_AreIsolatedFromEachOther", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            var status = await p.PatchAsync("widgets/a/status", "{status: {phase: New}, spec: {color: blue}, metadata: {labels: {x: y}, annotations: {x: y}}}");
            p.Show(status, "spec/color", "status", "metadata/labels", "metadata/annotations");
            var main = await p.PatchAsync("widgets/a", "{status: {phase: Old}, spec: {color: green}}");
            p.Show(main, "spec/color", "status");
            await p.MakeAsync("ingresses", "{metadata: {name: a}, spec: {defaultBackend: {service: {name: b, port: {number: 80}}}}}");
            var built = await p.PatchAsync("ingresses/a/status", "{status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}, spec: {defaultBackend: {service: {name: c}}}, metadata: {labels: {x: y}}}");
            p.Show(built, "spec/defaultBackend/service/name", "status", "metadata/labels");
        }, """
            PATCH widgets/a/status 200
              spec/color="red", status={"phase":"New"}, metadata/labels=-, metadata/annotations=-
            PATCH widgets/a 200
              spec/color="green", status={"phase":"New"}
            PATCH ingresses/a/status 200
              spec/defaultBackend/service/name="b", status={"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}, metadata/labels={"x":"y"}
            """),
        new("Status_GetPutAndStaleVersion", async p =>
        {
            var first = await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            var written = first.DeepClone().AsObject();
            written["status"] = new JsonObject { ["phase"] = "New" };
            p.Show(await p.PutAsync("widgets/a/status", written), "status", "metadata/generation");
            p.Show(await p.GetAsync("widgets/a/status"), "kind", "status");
            first["status"] = new JsonObject { ["phase"] = "Old" };
            await p.PutAsync("widgets/a/status", first);
            p.ShowMessage(await p.PatchAsync("plains/a/status", "{status: {}}"));
        }, """
            PUT widgets/a/status 200
              status={"phase":"New"}, metadata/generation=1
            GET widgets/a/status 200
              kind="Widget", status={"phase":"New"}
            PUT widgets/a/status 409 Conflict
            PATCH plains/a/status 404 NotFound
              plains.conformance.example.com "a" not found
            """),
        new("Status_Invalid_IsRefused", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.ShowMessage(await p.PatchAsync("widgets/a/status", "{status: {phase: Broken}}"));
            p.Show(await p.PatchAsync("widgets/a/status", "{status: {phase: New, unknown: 1}}"), "status");
        }, """
            PATCH widgets/a/status 422 Invalid
              cause FieldValueNotSupported status.phase
              Widget.conformance.example.com "a" is invalid: status.phase: Unsupported value: "Broken": supported values: "New", "Old"
            PATCH widgets/a/status 200
              status={"phase":"New"}
            """),
        new("DryRun_AnswersAndStoresNothing", async p =>
        {
            p.Show(await p.PostAsync("widgets?dryRun=All", "{metadata: {name: a}, spec: {color: red}}"), "spec/size", "metadata/uid", "metadata/resourceVersion");
            await p.GetAsync("widgets/a");
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(await p.PatchAsync("widgets/a?dryRun=All", "{spec: {color: blue}}"), "spec/color", "metadata/generation");
            p.Show(await p.GetAsync("widgets/a"), "spec/color", "metadata/generation");
            await p.DeleteAsync("widgets/a?dryRun=All");
            await p.DeleteAsync("widgets/a", "{kind: DeleteOptions, apiVersion: v1, dryRun: [All]}");
            await p.GetAsync("widgets/a");
            await p.PostAsync("widgets?dryRun=All", "{metadata: {name: a}, spec: {color: red}}");
            p.ShowMessage(await p.PostAsync("widgets?dryRun=Some", "{metadata: {name: b}, spec: {color: red}}"));
        }, """
            POST widgets?dryRun=All 201
              spec/size=3, metadata/uid="uid1", metadata/resourceVersion=-
            GET widgets/a 404 NotFound
            PATCH widgets/a?dryRun=All 200
              spec/color="blue", metadata/generation=2
            GET widgets/a 200
              spec/color="red", metadata/generation=1
            DELETE widgets/a?dryRun=All 200
            DELETE widgets/a 200
            GET widgets/a 200
            POST widgets?dryRun=All 409 AlreadyExists
            POST widgets?dryRun=Some 422 Invalid
              cause FieldValueNotSupported dryRun
              CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"
            """),
        new("Scale_ReadsAndWritesReplicas", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red, replicas: 2}}");
            await p.ChangeAsync("widgets/a/status", "{status: {replicas: 1, selector: 'a=b'}}");
            p.Show(await p.GetAsync("widgets/a/scale"), "kind", "apiVersion", "metadata/name", "metadata/uid", "spec", "status");
            p.Show(await p.PatchAsync("widgets/a/scale", "{spec: {replicas: 4}}"), "spec", "status");
            p.Show(await p.GetAsync("widgets/a"), "spec/replicas", "metadata/generation");
            p.ShowMessage(await p.PatchAsync("widgets/a/scale", "{spec: {replicas: -1}}"));
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            p.Show(await p.GetAsync("deployments/a/scale"), "kind", "spec", "status/selector");
            p.Show(await p.PatchAsync("deployments/a/scale", "{spec: {replicas: 0}}"), "spec");
            p.ShowMessage(await p.GetAsync("configmaps/a/scale"));
            await p.MakeAsync("plains", "{metadata: {name: a}}");
            p.ShowMessage(await p.GetAsync("plains/a/scale"));
        }, """
            GET widgets/a/scale 200
              kind="Scale", apiVersion="autoscaling/v1", metadata/name="a", metadata/uid="uid1", spec={"replicas":2}, status={"replicas":1,"selector":"a=b"}
            PATCH widgets/a/scale 200
              spec={"replicas":4}, status={"replicas":1,"selector":"a=b"}
            GET widgets/a 200
              spec/replicas=4, metadata/generation=2
            PATCH widgets/a/scale 422 Invalid
              cause FieldValueInvalid .spec.replicas
              Widget.conformance.example.com "a" is invalid: .spec.replicas: Invalid value: -1: should be a non-negative integer
            GET deployments/a/scale 200
              kind="Scale", spec={}, status/selector="app=a"
            PATCH deployments/a/scale 200
              spec={}
            GET configmaps/a/scale 404 NotFound
              the server could not find the requested resource
            GET plains/a/scale 404 NotFound
              plains.conformance.example.com "a" not found
            """),
        new("Scale_OfAnOldVersion_Conflicts", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red, replicas: 2}}");
            var scale = await p.ReadAsync("widgets/a/scale");
            await p.ChangeAsync("widgets/a", "{spec: {color: blue}}");
            scale["spec"]!["replicas"] = 5;
            p.ShowMessage(await p.PutAsync("widgets/a/scale", scale));
        }, """
            PUT widgets/a/scale 409 Conflict
              Operation cannot be fulfilled on widgets.conformance.example.com "a": the object has been modified; please apply your changes to the latest version and try again
            """),
    ];
}
