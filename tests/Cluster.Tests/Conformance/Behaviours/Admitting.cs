using System.Text;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Admission webhooks: when they are asked, what they see, what their answers do.</summary>
internal static class Admitting
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Webhook_SeesTheRequest", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p, new Hook("see", Validating: true, _ => Allow()));
            await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red, unknown: 1}}");
            await p.PatchAsync("widgets/a", "{spec: {color: blue}}");
            await p.DeleteAsync("widgets/a");
            foreach (var request in hooks.Requests("see"))
            {
                p.Show(request, "operation", "kind", "resource", "subResource", "requestKind", "requestResource", "name", "namespace", "dryRun");
                p.Show(request, "object/kind", "object/apiVersion", "object/spec", "object/metadata/generation", "object/metadata/namespace", "oldObject/spec/color", "oldObject/metadata/generation");
                p.Show(request, "options/kind", "options/apiVersion", "options/fieldManager");
                p.Say(string.Join(' ', request.Select(r => r.Key).Order(StringComparer.Ordinal)));
            }
        }, """
            POST widgets 201
            PATCH widgets/a 200
            DELETE widgets/a 200
              operation="CREATE", kind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, resource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, subResource=-, requestKind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, requestResource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, name="a", namespace="NS", dryRun=false
              object/kind="Widget", object/apiVersion="conformance.example.com/v1", object/spec={"always":"here","color":"red","size":3}, object/metadata/generation=1, object/metadata/namespace="NS", oldObject/spec/color=-, oldObject/metadata/generation=-
              options/kind="CreateOptions", options/apiVersion="meta.k8s.io/v1", options/fieldManager=-
            dryRun kind name namespace object oldObject operation options requestKind requestResource resource uid userInfo
              operation="UPDATE", kind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, resource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, subResource=-, requestKind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, requestResource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, name="a", namespace="NS", dryRun=false
              object/kind="Widget", object/apiVersion="conformance.example.com/v1", object/spec={"always":"here","color":"blue","size":3}, object/metadata/generation=2, object/metadata/namespace="NS", oldObject/spec/color="red", oldObject/metadata/generation=1
              options/kind="UpdateOptions", options/apiVersion="meta.k8s.io/v1", options/fieldManager=-
            dryRun kind name namespace object oldObject operation options requestKind requestResource resource uid userInfo
              operation="DELETE", kind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, resource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, subResource=-, requestKind={"group":"conformance.example.com","kind":"Widget","version":"v1"}, requestResource={"group":"conformance.example.com","resource":"widgets","version":"v1"}, name="a", namespace="NS", dryRun=false
              object/kind=-, object/apiVersion=-, object/spec=-, object/metadata/generation=-, object/metadata/namespace=-, oldObject/spec/color="blue", oldObject/metadata/generation=2
              options/kind="DeleteOptions", options/apiVersion="meta.k8s.io/v1", options/fieldManager=-
            dryRun kind name namespace object oldObject operation options requestKind requestResource resource uid userInfo
            """),
        new("Webhook_Mutating_ComesBeforeTheSchema_AndValidatingAfter", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p,
                new Hook("paint", Validating: false, r => (string?)r["object"]!["metadata"]!["name"] == "spoilt" ? Patch("""[{"op":"replace","path":"/spec/color","value":"pink"}]""")
                    : Patch("""[{"op":"add","path":"/spec/color","value":"green"},{"op":"add","path":"/spec/nonsense","value":1},{"op":"add","path":"/metadata/labels","value":{"painted":"yes"}}]""")),
                new Hook("look", Validating: true, _ => Allow()));
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {}}"), "spec", "metadata/labels");
            await p.PostAsync("widgets", "{metadata: {name: spoilt}, spec: {color: red}}");
            p.Show(await p.PatchAsync("widgets/a", "{spec: {color: blue}}"), "spec/color", "metadata/generation");
            p.Say($"painted {hooks.Requests("paint").Count}, looked {hooks.Requests("look").Count}");
            p.Show(hooks.Requests("paint")[0], "object/spec", "object/metadata/labels");
            p.Show(hooks.Requests("look")[0], "object/spec", "object/metadata/labels");
        }, """
            POST widgets 201
              spec={"always":"here","color":"green","size":3}, metadata/labels={"painted":"yes"}
            POST widgets 422 Invalid
              cause FieldValueNotSupported spec.color
            PATCH widgets/a 200
              spec/color="green", metadata/generation=2
            painted 3, looked 2
              object/spec={"always":"here","size":3}, object/metadata/labels=-
              object/spec={"always":"here","color":"green","nonsense":1,"size":3}, object/metadata/labels={"painted":"yes"}
            """),
        new("Webhook_ThatDenies_IsToldWithItsWords", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p, new Hook("deny", Validating: true, r => (string?)r["object"]?["metadata"]?["name"] switch
            {
                "words" => Deny("""{"message":"not this one"}"""),
                "coded" => Deny("""{"message":"too many","code":429,"reason":"TooManyRequests"}"""),
                "silent" => new() { ["allowed"] = false },
                "reason" => Deny("""{"reason":"Because"}"""),
                _ => Allow(),
            }));
            foreach (var name in new[] { "words", "coded", "silent", "reason" })
            {
                var denied = await p.PostAsync("widgets", $"{{metadata: {{name: {name}}}, spec: {{color: red}}}}");
                p.Show(denied, "status", "code", "reason", "details");
                p.ShowMessage(denied);
            }

            await p.GetAsync("widgets/words");
        }, """
            POST widgets 400
              status="Failure", code=400, reason=-, details=-
              admission webhook "deny.example.com" denied the request: not this one
            POST widgets 429 TooManyRequests
              status="Failure", code=429, reason="TooManyRequests", details=-
              admission webhook "deny.example.com" denied the request: too many
            POST widgets 400
              status="Failure", code=400, reason=-, details=-
              admission webhook "deny.example.com" denied the request without explanation
            POST widgets 400 Because
              status="Failure", code=400, reason="Because", details=-
              admission webhook "deny.example.com" denied the request: Because
            GET widgets/words 404 NotFound
            """),
        new("Webhook_DryRun_IsAskedWithTheFlag", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p, new Hook("see", Validating: true, _ => Allow()));
            await p.PostAsync("widgets?dryRun=All", "{metadata: {name: a}, spec: {color: red}}");
            p.Show(hooks.Requests("see")[0], "dryRun", "options/dryRun", "operation");
        }, """
            POST widgets?dryRun=All 201
              dryRun=true, options/dryRun=["All"], operation="CREATE"
            """),
        new("Webhook_StatusAndScale_AreSubresources", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red, replicas: 1}}");
            await using var hooks = await WebhookSet.StartAsync(p, new Hook("all", Validating: true, _ => Allow()) { Resources = "widgets, widgets/status, widgets/scale" }, new Hook("main", Validating: true, _ => Allow()));
            await p.PatchAsync("widgets/a/status", "{status: {phase: New}}");
            await p.PatchAsync("widgets/a/scale", "{spec: {replicas: 3}}");
            foreach (var request in hooks.Requests("all"))
            {
                p.Show(request, "operation", "subResource", "kind/kind", "resource/resource", "object/kind", "object/spec", "oldObject/spec/replicas");
            }

            p.Say($"main {hooks.Requests("main").Count}");
        }, """
            PATCH widgets/a/status 200
            PATCH widgets/a/scale 200
              operation="UPDATE", subResource="status", kind/kind="Widget", resource/resource="widgets", object/kind="Widget", object/spec={"always":"here","color":"red","replicas":1,"size":3}, oldObject/spec/replicas=1
              operation="UPDATE", subResource="scale", kind/kind="Scale", resource/resource="widgets", object/kind="Scale", object/spec={"replicas":3}, oldObject/spec/replicas=1
            main 0
            """),
        new("Webhook_Reinvocation_WhenALaterOneChanges", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p,
                new Hook("again", Validating: false, _ => Allow()) { More = "reinvocationPolicy: IfNeeded" },
                new Hook("never", Validating: false, _ => Allow()),
                new Hook("change", Validating: false, r => (string?)r["object"]!["spec"]!["color"] == "red" ? Patch("""[{"op":"replace","path":"/spec/color","value":"green"}]""") : Allow()));
            p.Show(await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red}}"), "spec/color");
            foreach (var name in new[] { "again", "never", "change" })
            {
                p.Say($"{name}: {string.Join(' ', hooks.Requests(name).Select(r => (string?)r["object"]!["spec"]!["color"]))}");
            }
        }, """
            POST widgets 201
              spec/color="green"
            again: red green
            never: red
            change: red
            """),
        new("Webhook_Unreachable_FailsOrIsIgnored", async p =>
        {
            await using (await WebhookSet.StartAsync(p, new Hook("broken", Validating: true, _ => []) { Raw = true }))
            {
                await p.PostAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            }

            await using (await WebhookSet.StartAsync(p, new Hook("broken", Validating: true, _ => []) { Raw = true, More = "failurePolicy: Ignore" }))
            {
                await p.PostAsync("widgets", "{metadata: {name: b}, spec: {color: red}}");
            }
        }, """
            POST widgets 500 InternalError
              cause
            POST widgets 201
            """),
        new("Webhook_InAnotherVersion_GetsAnEquivalentObject", async p =>
        {
            await using var hooks = await WebhookSet.StartAsync(p,
                new Hook("new", Validating: true, _ => Allow()) { Resources = "gadgets", ApiVersion = "v1beta1" },
                new Hook("exact", Validating: true, _ => Allow()) { Resources = "gadgets", ApiVersion = "v1beta1", More = "matchPolicy: Exact" });
            await p.PostAsync("oldgadgets", "{metadata: {name: a}, spec: {old: it}}");
            var request = hooks.Requests("new")[0];
            p.Show(request, "kind/version", "resource/version", "requestKind/version", "requestResource/version", "object/apiVersion", "object/spec");
            p.Say($"exact {hooks.Requests("exact").Count}");
        }, """
            POST oldgadgets 201
              kind/version="v1beta1", resource/version="v1beta1", requestKind/version="v1alpha3", requestResource/version="v1alpha3", object/apiVersion="conformance.example.com/v1beta1", object/spec={"current":{"value":"it"}}
            exact 0
            """),
        new("WebhookConfiguration_Invalid_IsRefused", async p =>
        {
            await p.PostAsync(WebhookSet.PathOf(validating: true), $"{{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {{name: bad-{p.Namespace}}}, webhooks: [{{name: short, clientConfig: {{url: 'http://127.0.0.1:1'}}, admissionReviewVersions: [v9], sideEffects: Some}}]}}");
        }, """
            POST /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations 422 Invalid
              cause FieldValueInvalid webhooks[0].admissionReviewVersions
              cause FieldValueInvalid webhooks[0].clientConfig.url
              cause FieldValueInvalid webhooks[0].name
              cause FieldValueNotSupported webhooks[0].sideEffects
            """),
    ];

    private static JsonObject Allow() => new() { ["allowed"] = true };

    private static JsonObject Deny(string status) => new() { ["allowed"] = false, ["status"] = JsonNode.Parse(status) };

    private static JsonObject Patch(string operations)
        => new() { ["allowed"] = true, ["patchType"] = "JSONPatch", ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(operations)) };
}
