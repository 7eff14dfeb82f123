namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>The table of differences: what Kubernetes 1.20 does not do yet and later versions, which the embedded server stands for, do.</summary>
internal static class Versions
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("FieldValidation_Strict", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets?fieldValidation=Strict", "{metadata: {name: a}, spec: {color: red, unknown: 1}}"));
        }, """
            POST widgets?fieldValidation=Strict 400 BadRequest
              Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.unknown"
            """, """
            POST widgets?fieldValidation=Strict 201
              no failure
            """, "Since 1.25; before, unknown fields are dropped in silence."),
        new("Schema_TooLong_AndTooMany", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, code: abcdef}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, items: [{name: a}, {name: b}, {name: c}]}}"));
        }, """
            POST widgets 422 Invalid
              cause FieldValueTooLong spec.code
              Widget.conformance.example.com "a" is invalid: spec.code: Too long: may not be more than 5 bytes
            POST widgets 422 Invalid
              cause FieldValueTooMany spec.items
              Widget.conformance.example.com "a" is invalid: spec.items: Too many: 3: must have at most 2 items
            """, """
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.code
              Widget.conformance.example.com "a" is invalid: spec.code: Invalid value: "abcdef": spec.code in body should be at most 5 chars long
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.items
              Widget.conformance.example.com "a" is invalid: spec.items: Invalid value: 3: spec.items in body should have at most 2 items
            """, "Later versions have reasons of their own for values that are too long or too many."),
        new("JsonPatch_ReplaceOfWhatIsMissing", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            await p.PatchAsync("configmaps/a", "[{op: replace, path: /data/missing, value: 'x'}]", ApiProbe.JsonPatch);
        }, """
            PATCH configmaps/a 422 Invalid
            """, """
            PATCH configmaps/a 200
            """, "1.20 adds what a JSON patch should replace; RFC 6902 and later versions refuse it."),
        new("Update_LeftWithTheMapOnly_OwnsNothingInIt", async p =>
        {
            await p.MakeAsync("configmaps?fieldManager=maker", "{metadata: {name: a}, data: {k: '1'}}");
            await p.ApplyAsync("configmaps/a", "one", "{data: {k: '2'}}", force: true);
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {k: '2', l: '2'}}"), "data");
            p.Show(await p.ApplyAsync("configmaps/a", "one", "{data: {l: '3'}}"), "data");
        }, """
            PATCH configmaps/a?fieldManager=one&force=true 200
            PATCH configmaps/a?fieldManager=one 200
              data={"k":"2","l":"2"}
            PATCH configmaps/a?fieldManager=one 200
              data={"l":"3"}
            """, """
            PATCH configmaps/a?fieldManager=one&force=true 200
            PATCH configmaps/a?fieldManager=one 200
              data={"k":"2","l":"2"}
            PATCH configmaps/a?fieldManager=one 200
              data={"k":"2","l":"3"}
            """, "1.20.2 takes the account of a map alone for the account of all that is in it, so that the field stays with its former writer (structured-merge-diff 191, mended since)."),
        new("Apply_WithoutTheLastItem_RemovesTheList", async p =>
        {
            await p.ApplyAsync("widgets/a", "one", "{spec: {color: red, ports: [{port: 1}]}}");
            p.Show(await p.ApplyAsync("widgets/a", "one", "{spec: {color: red}}"), "spec/ports");
        }, """
            PATCH widgets/a?fieldManager=one 201
            PATCH widgets/a?fieldManager=one 200
              spec/ports=-
            """, """
            PATCH widgets/a?fieldManager=one 201
            PATCH widgets/a?fieldManager=one 422 Invalid
              cause FieldValueInvalid spec.ports
              spec/ports=-
            """, "1.20.2 leaves null in the place of the list, which the schema refuses (structured-merge-diff 171, mended since)."),
        new("Schema_Types", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, size: big}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, big: 'yes'}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, tags: no-list}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, size: 1.5}}"));
            p.ShowMessage(await p.PostAsync("gadgets", "{metadata: {name: a}, spec: {amount: true}}"));
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, ratio: 1}}"), "spec/ratio");
            p.Show(await p.PostAsync("gadgets", "{metadata: {name: a}, spec: {amount: 5%}}"), "spec/amount");
            p.Show(await p.PostAsync("gadgets", "{metadata: {name: b}, spec: {amount: 5}}"), "spec/amount");
        }, """
            POST widgets 422 Invalid
              cause FieldValueTypeInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"
            POST widgets 422 Invalid
              cause FieldValueTypeInvalid spec.big
              Widget.conformance.example.com "a" is invalid: spec.big: Invalid value: "string": spec.big in body must be of type boolean: "string"
            POST widgets 422 Invalid
              cause FieldValueTypeInvalid spec.tags
              Widget.conformance.example.com "a" is invalid: spec.tags: Invalid value: "string": spec.tags in body must be of type array: "string"
            POST widgets 422 Invalid
              cause FieldValueTypeInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"
            POST gadgets 422 Invalid
              cause FieldValueTypeInvalid spec.amount
              Gadget.conformance.example.com "a" is invalid: spec.amount: Invalid value: "boolean": spec.amount in body must be of type integer,string: "boolean"
            POST widgets 201
              spec/ratio=1
            POST gadgets 201
              spec/amount="5%"
            POST gadgets 201
              spec/amount=5
            """, """
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.big
              Widget.conformance.example.com "a" is invalid: spec.big: Invalid value: "string": spec.big in body must be of type boolean: "string"
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.tags
              Widget.conformance.example.com "a" is invalid: spec.tags: Invalid value: "string": spec.tags in body must be of type array: "string"
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: "number": spec.size in body must be of type integer: "number"
            POST gadgets 422 Invalid
              cause FieldValueInvalid spec.amount
              Gadget.conformance.example.com "a" is invalid: spec.amount: Invalid value: "boolean": spec.amount in body must be of type integer,string: "boolean"
            POST widgets 201
              spec/ratio=1
            POST gadgets 201
              spec/amount="5%"
            POST gadgets 201
              spec/amount=5
            """, "Later versions have a reason of its own for values of a wrong type."),
        new("Schema_RequiredInLists", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, items: [{weight: 1}]}}"));
        }, """
            POST widgets 422 Invalid
              cause FieldValueRequired spec.items[0].name
              Widget.conformance.example.com "a" is invalid: spec.items[0].name: Required value
            """, """
            POST widgets 422 Invalid
              cause FieldValueRequired spec.items.name
              Widget.conformance.example.com "a" is invalid: spec.items.name: Required value
            """, "1.20 leaves the index out of the path of what a list item lacks."),
        new("Discovery_OfServices", async p =>
        {
            var list = await p.ReadAsync("/api/v1");
            var services = list["resources"]!.AsArray().Single(r => (string?)r!["name"] == "services");
            p.Show(services, "verbs");
        }, """
              verbs=["create","delete","deletecollection","get","list","patch","update","watch"]
            """, """
              verbs=["create","delete","get","list","patch","update","watch"]
            """, "1.20 does not delete services by the collection."),
        new("Autoscaling_V2", async p =>
        {
            await p.GetAsync($"/apis/autoscaling/v2/namespaces/{p.Namespace}/horizontalpodautoscalers");
        }, """
            GET /apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers 200
            """, """
            GET /apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers 404 NotFound
            """, "Served since 1.23."),
        new("MatchConditions_OfWebhooks", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p, new Hook("see", Validating: true, _ => new() { ["allowed"] = true }) { More = "matchConditions: [{name: red, expression: 'object.spec.color == \"red\"'}]" });
            await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            await p.PostAsync("widgets", "{metadata: {name: b}, spec: {color: blue}}");
            p.Say($"asked {hooks.Requests("see").Count} times");
        }, """
            POST widgets 201
            POST widgets 201
            asked 1 times
            """, """
            POST widgets 201
            POST widgets 201
            asked 2 times
            """, "Since 1.27; before, they are an unknown field."),
        new("Discovery_Aggregated", async p =>
        {
            var list = await p.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json");
            p.Show(list, "kind");
        }, """
            GET /apis 200
              kind="APIGroupDiscoveryList"
            """, """
            GET /apis 200
              kind="APIGroupList"
            """, "Since 1.26."),
        new("OpenApi_V3", async p =>
        {
            await p.GetAsync("/openapi/v3");
        }, """
            GET /openapi/v3 200
            """, """
            GET /openapi/v3 404
            """, "Since 1.23."),
        new("Namespace_LabelWithItsName", async p =>
        {
            p.Show(await p.ReadAsync($"/api/v1/namespaces/{p.Namespace}"), "metadata/labels", "spec", "status");
        }, """
              metadata/labels={"conformance":"NS","kubernetes.io/metadata.name":"NS"}, spec={"finalizers":["kubernetes"]}, status={"phase":"Active"}
            """, """
              metadata/labels={"conformance":"NS"}, spec={"finalizers":["kubernetes"]}, status={"phase":"Active"}
            """, "Since 1.21."),
        new("ManagedFields_NameTheSubresource", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(await p.PatchAsync("widgets/a/status?fieldManager=other", "{status: {phase: New}}"), "metadata/managedFields/1/manager", "metadata/managedFields/1/subresource", "metadata/managedFields/1/fieldsV1");
        }, """
            PATCH widgets/a/status?fieldManager=other 200
              metadata/managedFields/1/manager="other", metadata/managedFields/1/subresource="status", metadata/managedFields/1/fieldsV1={"f:status":{"f:phase":{}}}
            """, """
            PATCH widgets/a/status?fieldManager=other 200
              metadata/managedFields/1/manager="other", metadata/managedFields/1/subresource=-, metadata/managedFields/1/fieldsV1={"f:status":{"f:phase":{}}}
            """, "Since 1.22."),
    ];
}
