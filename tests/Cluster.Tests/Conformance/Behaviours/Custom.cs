namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Custom resources: pruning, defaults, schemas; and their definitions.</summary>
internal static class Custom
{
    private const string CustomDefinitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Pruning_TakesWhatTheSchemaDoesNotKnow", async p =>
        {
            p.Show(await p.PostAsync("widgets", """
                metadata: { name: a }
                unknown: 1
                spec:
                  color: red
                  unknown: 1
                  nested: { unknown: 1, level: 2 }
                  words: { any: thing }
                  items: [{ name: a, unknown: 1 }]
                  free: { unknown: { deep: [1] }, known: 3 }
                """), "unknown", "spec");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {another: 1, free: {more: 1}}}"), "spec/another", "spec/free", "metadata/generation");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {another: 2}}"), "metadata/generation");
            p.Show(await p.PostAsync("plains", "{metadata: {name: a}, any: {thing: [1, {x: null}]}}"), "any");
        }, """
            POST widgets 201
              unknown=-, spec={"always":"here","color":"red","free":{"known":3,"unknown":{"deep":[1]}},"items":[{"name":"a","weight":7}],"nested":{"level":2,"name":"inner"},"size":3,"words":{"any":"thing"}}
            PATCH widgets/a 200
              spec/another=-, spec/free={"known":3,"more":1,"unknown":{"deep":[1]}}, metadata/generation=2
            PATCH widgets/a 200
              metadata/generation=2
            POST plains 201
              any={"thing":[1,{"x":null}]}
            """),
        new("Pruning_OfUnknownMetadata", async p =>
        {
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a, nonsense: 1, labels: {x: y}}, spec: {color: red}}"), "metadata/nonsense", "metadata/labels");
            p.Show(await p.PostAsync("configmaps", "{metadata: {name: a, nonsense: 1}, data: {k: v}}"), "metadata/nonsense", "data");
        }, """
            POST widgets 201
              metadata/nonsense=-, metadata/labels={"x":"y"}
            POST configmaps 201
              metadata/nonsense=-, data={"k":"v"}
            """),
        new("Defaults_AreFilledIn", async p =>
        {
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, items: [{name: a}], nested: {}}}"), "spec");
            p.Show(await p.PostAsync("widgets", "{metadata: {name: b}, spec: {color: red, size: null, maybe: null, always: null}}"), "spec");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {size: null}}"), "spec/size", "metadata/generation");
        }, """
            POST widgets 201
              spec={"always":"here","color":"red","items":[{"name":"a","weight":7}],"nested":{"name":"inner"},"size":3}
            POST widgets 201
              spec={"always":"here","color":"red","maybe":null,"size":3}
            PATCH widgets/a 200
              spec/size=3, metadata/generation=1
            """),
        new("Schema_Violations_AreToldAllAtOnce", async p =>
        {
            var answer = await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: pink, size: 0, code: A}}");
            p.Show(answer, "code", "reason", "details/name", "details/group", "details/kind");
        }, """
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.code
              cause FieldValueInvalid spec.size
              cause FieldValueNotSupported spec.color
              code=422, reason="Invalid", details/name="a", details/group="conformance.example.com", details/kind="Widget"
            """),
        new("Schema_Required", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {}}"));
        }, """
            POST widgets 422 Invalid
              cause FieldValueRequired spec
              Widget.conformance.example.com "a" is invalid: spec: Required value
            POST widgets 422 Invalid
              cause FieldValueRequired spec.color
              Widget.conformance.example.com "a" is invalid: spec.color: Required value
            """),
        new("Schema_Null_IsNothing", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: null}}"));
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, maybe: null, code: null}}"), "spec");
        }, """
            POST widgets 422 Invalid
              cause FieldValueRequired spec.color
              Widget.conformance.example.com "a" is invalid: spec.color: Required value
            POST widgets 201
              spec={"always":"here","color":"red","maybe":null,"size":3}
            """),
        new("Schema_Enum", async p => p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: pink}}")), """
            POST widgets 422 Invalid
              cause FieldValueNotSupported spec.color
              Widget.conformance.example.com "a" is invalid: spec.color: Unsupported value: "pink": supported values: "red", "green", "blue"
            """),
        new("Schema_Limits", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, size: 11}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, size: 0}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, code: 'A1'}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, code: a}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, since: yesterday}}"));
        }, """
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.size
              Widget.conformance.example.com "a" is invalid: spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.code
              Widget.conformance.example.com "a" is invalid: spec.code: Invalid value: "A1": spec.code in body should match '^[a-z]+$'
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.code
              Widget.conformance.example.com "a" is invalid: spec.code: Invalid value: "a": spec.code in body should be at least 2 chars long
            POST widgets 422 Invalid
              cause FieldValueInvalid spec.since
              Widget.conformance.example.com "a" is invalid: spec.since: Invalid value: "yesterday": spec.since in body must be of type date-time: "yesterday"
            """),
        new("Schema_ListsWithKeys_AndSets_AreUnique", async p =>
        {
            await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, ports: [{port: 1}, {port: 1, name: x}]}}");
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, tags: [a, b, a]}}"));
        }, """
            POST widgets 422 Invalid
              cause FieldValueDuplicate spec.ports[1]
            POST widgets 422 Invalid
              cause FieldValueDuplicate spec.tags[2]
              Widget.conformance.example.com "a" is invalid: spec.tags[2]: Duplicate value: "a"
            """),
        new("Schema_OneOf", async p =>
        {
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, either: {a: x, b: y}}}"));
            await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, either: {b: y}}}");
        }, """
            POST widgets 422 Invalid
              cause FieldValueInvalid <nil>
              Widget.conformance.example.com "a" is invalid: <nil>: Invalid value: "": "spec.either" must validate one and only one schema (oneOf). Found 2 valid alternatives
            POST widgets 201
            """),
        new("Schema_HoldsForPatchesToo", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            await p.PatchAsync("widgets/a", "{spec: {color: pink}}");
            await p.PatchAsync("widgets/a", "{spec: null}");
            await p.PatchAsync("widgets/a", "[{op: replace, path: /spec/size, value: 99}]", ApiProbe.JsonPatch);
            await p.ApplyAsync("widgets/a", "one", "{spec: {size: 99}}");
            p.Show(await p.ReadAsync("widgets/a"), "spec", "metadata/generation");
        }, """
            PATCH widgets/a 422 Invalid
              cause FieldValueNotSupported spec.color
            PATCH widgets/a 422 Invalid
              cause FieldValueRequired spec
            PATCH widgets/a 422 Invalid
              cause FieldValueInvalid spec.size
            PATCH widgets/a?fieldManager=one 409 Conflict
              cause FieldManagerConflict .spec.size
              spec={"always":"here","color":"red","size":3}, metadata/generation=1
            """),
        new("Definition_NonStructural_IsInvalid", async p =>
        {
            await p.PostAsync(CustomDefinitions, Definition("nothings", "{type: object, properties: {spec: {properties: {a: {type: string}}}}}"));
            await p.PostAsync(CustomDefinitions, Definition("nothings", "{type: array, items: {type: string}}"));
            await p.PostAsync(CustomDefinitions, Definition("nothings", "{type: object}").Replace("plural: nothings", "plural: others", StringComparison.Ordinal));
        }, """
            POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions 422 Invalid
              cause FieldValueRequired spec.validation.openAPIV3Schema.properties[spec].type
            POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions 422 Invalid
              cause FieldValueInvalid spec.validation.openAPIV3Schema.type
            POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions 422 Invalid
              cause FieldValueInvalid metadata.name
            """),
        new("Definition_IsEstablished_Served_AndTakesItsObjectsWithIt", async p =>
        {
            var name = $"things{p.Namespace[^3..]}";
            var path = $"/apis/conformance.example.com/v1/namespaces/{p.Namespace}/{name}";
            var made = await p.MakeAsync(CustomDefinitions, Definition(name, "{type: object, x-kubernetes-preserve-unknown-fields: true}"));
            var definition = $"{CustomDefinitions}/{name}.conformance.example.com";
            var established = await p.UntilAsync(definition, a => (string?)Answer.Field(a.Json, "status/conditions/1/status") == "True");
            p.Show(made, "spec/names/listKind", "spec/names/singular", "spec/conversion", "metadata/generation");
            p.Show(established, "status/acceptedNames/kind", "status/storedVersions", "status/conditions/0/type", "status/conditions/0/status", "status/conditions/0/reason", "status/conditions/1/type", "status/conditions/1/status", "status/conditions/1/reason");
            await p.UntilAsync(path, a => a.Code == 200);
            await p.MakeAsync(path, "{apiVersion: conformance.example.com/v1, kind: Thing, metadata: {name: a}, spec: {x: 1}}");
            p.Show((await p.SendAsync(HttpMethod.Delete, definition)).Json, "kind", "metadata/deletionTimestamp");
            await p.UntilAsync(definition, a => a.Code == 404);
            await p.UntilAsync(path, a => a.Code == 404);
            p.Say("gone");
        }, """
              spec/names/listKind="ThingList", spec/names/singular="thing", spec/conversion={"strategy":"None"}, metadata/generation=1
              status/acceptedNames/kind="Thing", status/storedVersions=["v1"], status/conditions/0/type="NamesAccepted", status/conditions/0/status="True", status/conditions/0/reason="NoConflicts", status/conditions/1/type="Established", status/conditions/1/status="True", status/conditions/1/reason="InitialNamesAccepted"
              kind="CustomResourceDefinition", metadata/deletionTimestamp="TIME"
            gone
            """),
    ];

    private static string Definition(string plural, string schema) => $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: {{plural}}.conformance.example.com }
        spec:
          group: conformance.example.com
          scope: Namespaced
          names: { kind: Thing, plural: {{plural}} }
          versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: {{schema}} } }]
        """;
}
