namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>What is refused, and in which words: names, media types, bodies, rights.</summary>
internal static class Refusing
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Names_MustBeSubdomains", async p =>
        {
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {name: Not_Good}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: Not_Good}, spec: {color: red}}"));
            p.ShowMessage(await p.PostAsync("services", "{metadata: {name: 1a}, spec: {clusterIP: None, ports: [{port: 80}]}}"));
            p.ShowMessage(await p.PostAsync("services", "{metadata: {name: a.b}, spec: {clusterIP: None, ports: [{port: 80}]}}"));
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{spec: {color: red}}"));
            await p.PostAsync("roles", "{metadata: {name: 'system:Not_Bad'}, rules: []}");
            await p.PostAsync("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: a.b}}");
        }, """
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.name
              ConfigMap "Not_Good" is invalid: metadata.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
            POST widgets 422 Invalid
              cause FieldValueInvalid metadata.name
              Widget.conformance.example.com "Not_Good" is invalid: metadata.name: Invalid value: "Not_Good": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
            POST services 422 Invalid
              cause FieldValueInvalid metadata.name
              Service "1a" is invalid: metadata.name: Invalid value: "1a": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
            POST services 422 Invalid
              cause FieldValueInvalid metadata.name
              Service "a.b" is invalid: metadata.name: Invalid value: "a.b": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
            POST configmaps 422 Invalid
              cause FieldValueRequired metadata.name
              ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required
            POST widgets 422 Invalid
              cause FieldValueRequired metadata.name
              Widget.conformance.example.com "" is invalid: metadata.name: Required value: name or generateName is required
            POST roles 201
            POST /api/v1/namespaces 422 Invalid
              cause FieldValueInvalid metadata.name
            """),
        new("Labels_MustBeWellFormed", async p =>
        {
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {name: a, labels: {x: 'not good'}}}"));
            p.ShowMessage(await p.PostAsync("configmaps", "{metadata: {name: a, labels: {'not good': x}}}"));
            p.ShowMessage(await p.PostAsync("configmaps", $"{{metadata: {{name: a, labels: {{x: {new string('a', 64)}}}}}}}"));
            p.ShowMessage(await p.PostAsync("widgets", "{metadata: {name: a, labels: {x: 'not good'}}, spec: {color: red}}"));
            await p.PostAsync("configmaps", "{metadata: {name: a, annotations: {'not good': x}}}");
            await p.PostAsync("configmaps", "{metadata: {name: a, labels: {x: 1}}}");
            await p.PostAsync("widgets", "{metadata: {name: a, labels: {x: 1}}, spec: {color: red}}");
            await p.PostAsync("configmaps", "{metadata: {name: a, finalizers: [notqualified]}}");
        }, """
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.labels
              ConfigMap "a" is invalid: metadata.labels: Invalid value: "not good": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.labels
              ConfigMap "a" is invalid: metadata.labels: Invalid value: "not good": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.labels
              ConfigMap "a" is invalid: metadata.labels: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters
            POST widgets 422 Invalid
              cause FieldValueInvalid metadata.labels
              Widget.conformance.example.com "a" is invalid: metadata.labels: Invalid value: "not good": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.annotations
            POST configmaps 400 BadRequest
            POST widgets 400 BadRequest
            POST configmaps 422 Invalid
              cause FieldValueInvalid metadata.finalizers[0]
            """),
        new("Data_OfWrongTypes_IsABadRequest", async p =>
        {
            await p.PostAsync("configmaps", "{metadata: {name: a}, data: {k: 1}}");
            await p.PostAsync("configmaps", "{metadata: {name: a}, data: {'not good!': x}}");
            await p.PostAsync("secrets", "{metadata: {name: a}, data: {k: 'not base64!'}}");
            await p.PostAsync("services", "{metadata: {name: a}, spec: {ports: [{port: eighty}]}}");
        }, """
            POST configmaps 400 BadRequest
            POST configmaps 422 Invalid
              cause FieldValueInvalid data[not good!]
            POST secrets 400 BadRequest
            POST services 400 BadRequest
            """),
        new("Bodies_ThatCannotBeRead_AreABadRequest", async p =>
        {
            await p.TellAsync(HttpMethod.Post, "configmaps", "{not json");
            await p.TellAsync(HttpMethod.Post, "widgets", "{not json");
            await p.TellAsync(HttpMethod.Post, "configmaps", "[]");
            await p.TellAsync(HttpMethod.Post, "configmaps", "");
            await p.TellAsync(HttpMethod.Post, "widgets", "");
            await p.TellAsync(HttpMethod.Put, "configmaps/a", "{}");
        }, """
            POST configmaps 400 BadRequest
            POST widgets 400 BadRequest
            POST configmaps 400 BadRequest
            POST configmaps 400 BadRequest
            POST widgets 400 BadRequest
            PUT configmaps/a 400 BadRequest
            """),
        new("Bodies_OfUnknownMediaTypes_AreUnsupported", async p =>
        {
            const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""";
            p.Show(await p.TellAsync(HttpMethod.Post, "configmaps", Body, "text/plain"), "reason", "code");
            await p.TellAsync(HttpMethod.Post, "configmaps", Body, "application/json; charset=utf-8");
            await p.TellAsync(HttpMethod.Post, "configmaps", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n", "application/yaml");
            await p.TellAsync(HttpMethod.Post, "widgets", "apiVersion: conformance.example.com/v1\nkind: Widget\nmetadata: {name: b}\nspec: {color: red}\n", "application/yaml");
        }, """
            POST configmaps 415 UnsupportedMediaType
              reason="UnsupportedMediaType", code=415
            POST configmaps 201
            POST configmaps 201
            POST widgets 201
            """),
        new("Methods_ThatDoNotExist", async p =>
        {
            await p.TellAsync(HttpMethod.Put, "configmaps", "{}");
            await p.TellAsync(HttpMethod.Post, "configmaps/a", "{}");
            await p.TellAsync(HttpMethod.Patch, "configmaps", "{}");
            await p.TellAsync(HttpMethod.Post, "/api/v1/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""");
        }, """
            PUT configmaps 405 MethodNotAllowed
            POST configmaps/a 405 MethodNotAllowed
            PATCH configmaps 405 MethodNotAllowed
            POST /api/v1/configmaps 405 MethodNotAllowed
            """),
        new("Rights_ThatSomebodyLacks", async p =>
        {
            foreach (var (method, path) in new[]
            {
                (HttpMethod.Get, "configmaps"), (HttpMethod.Get, "configmaps/a"), (HttpMethod.Post, "widgets"), (HttpMethod.Delete, "widgets/a"),
                (HttpMethod.Patch, "deployments/a/scale"), (HttpMethod.Get, "/api/v1/nodes"), (HttpMethod.Get, "configmaps?watch=true"), (HttpMethod.Get, "/metrics"), (HttpMethod.Delete, "secrets"),
            })
            {
                var refused = await p.TellAsync(method, path, method == HttpMethod.Get ? null : "{}", method == HttpMethod.Patch ? ApiProbe.Merge : "application/json", user: "jane");
                p.Show(refused, "status", "code", "details");
                p.ShowMessage(refused);
            }
        }, """
            GET configmaps 403 Forbidden
              status="Failure", code=403, details={"kind":"configmaps"}
              configmaps is forbidden: User "jane" cannot list resource "configmaps" in API group "" in the namespace "NS"
            GET configmaps/a 403 Forbidden
              status="Failure", code=403, details={"kind":"configmaps","name":"a"}
              configmaps "a" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "NS"
            POST widgets 403 Forbidden
              status="Failure", code=403, details={"group":"conformance.example.com","kind":"widgets"}
              widgets.conformance.example.com is forbidden: User "jane" cannot create resource "widgets" in API group "conformance.example.com" in the namespace "NS"
            DELETE widgets/a 403 Forbidden
              status="Failure", code=403, details={"group":"conformance.example.com","kind":"widgets","name":"a"}
              widgets.conformance.example.com "a" is forbidden: User "jane" cannot delete resource "widgets" in API group "conformance.example.com" in the namespace "NS"
            PATCH deployments/a/scale 403 Forbidden
              status="Failure", code=403, details={"group":"apps","kind":"deployments","name":"a"}
              deployments.apps "a" is forbidden: User "jane" cannot patch resource "deployments/scale" in API group "apps" in the namespace "NS"
            GET /api/v1/nodes 403 Forbidden
              status="Failure", code=403, details={"kind":"nodes"}
              nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope
            GET configmaps?watch=true 403 Forbidden
              status="Failure", code=403, details={"kind":"configmaps"}
              configmaps is forbidden: User "jane" cannot watch resource "configmaps" in API group "" in the namespace "NS"
            GET /metrics 403 Forbidden
              status="Failure", code=403, details={}
              forbidden: User "jane" cannot get path "/metrics"
            DELETE secrets 403 Forbidden
              status="Failure", code=403, details={"kind":"secrets"}
              secrets is forbidden: User "jane" cannot deletecollection resource "secrets" in API group "" in the namespace "NS"
            """),
        new("Rights_ThatARoleGives", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            await p.MakeAsync("roles", "{metadata: {name: readers}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [get, list]}]}");
            await p.MakeAsync("rolebindings", "{metadata: {name: jane}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: readers}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jane}]}");
            for (var look = 0; look < 100 && (await p.SendAsync(HttpMethod.Get, "configmaps/a", user: "jane")).Code == 403; look++)
            {
            }

            await p.TellAsync(HttpMethod.Get, "configmaps/a", user: "jane");
            await p.TellAsync(HttpMethod.Get, "configmaps", user: "jane");
            await p.TellAsync(HttpMethod.Get, "configmaps/missing", user: "jane");
            await p.TellAsync(HttpMethod.Delete, "configmaps/a", user: "jane");
            await p.TellAsync(HttpMethod.Get, "secrets/a", user: "jane");
            await p.TellAsync(HttpMethod.Get, "/apis", user: "jane");
            await p.TellAsync(HttpMethod.Get, "/version", user: "jane");
            await p.PutAsync("rolebindings/jane", ApiProbe.Yaml("{metadata: {name: jane}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: others}}"));
        }, """
            GET configmaps/a 200
            GET configmaps 200
            GET configmaps/missing 404 NotFound
            DELETE configmaps/a 403 Forbidden
            GET secrets/a 403 Forbidden
            GET /apis 200
            GET /version 200
            PUT rolebindings/jane 422 Invalid
              cause FieldValueInvalid roleRef
            """),
        new("BuiltInKinds_Invalid", async p =>
        {
            await p.PostAsync("deployments", "{metadata: {name: a}, spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: b}}, spec: {containers: [{name: a, image: a}]}}}}");
            await p.PostAsync("deployments", "{metadata: {name: a}, spec: {replicas: -1, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a}, {name: a, image: b}]}}}}");
            await p.PostAsync("deployments", "{metadata: {name: a}, spec: {template: {metadata: {labels: {app: a}}, spec: {containers: []}}}}");
            await p.MakeAsync("deployments", Manifests.Deployment("a"));
            await p.PatchAsync("deployments/a", "{spec: {selector: {matchLabels: {app: other}}}}");
            await p.PostAsync("services", "{metadata: {name: a}, spec: {ports: [{port: 0}, {port: 70000}]}}");
            await p.PostAsync("services", "{metadata: {name: a}, spec: {}}");
            await p.PostAsync("ingresses", "{metadata: {name: a}, spec: {}}");
            await p.PostAsync("ingresses", "{metadata: {name: a}, spec: {rules: [{http: {paths: [{backend: {service: {name: a, port: {number: 80}}}}]}}]}}");
            await p.PostAsync("horizontalpodautoscalers", "{metadata: {name: a}, spec: {maxReplicas: 0, scaleTargetRef: {kind: Deployment}}}");
            await p.PostAsync("leases", "{metadata: {name: a}, spec: {leaseDurationSeconds: 0}}");
        }, """
            POST deployments 422 Invalid
              cause FieldValueInvalid spec.template.metadata.labels
            POST deployments 422 Invalid
              cause FieldValueDuplicate spec.template.spec.containers[1].name
              cause FieldValueInvalid spec.replicas
              cause FieldValueRequired spec.template.spec.containers[0].image
            POST deployments 422 Invalid
              cause FieldValueInvalid spec.template.metadata.labels
              cause FieldValueRequired spec.selector
              cause FieldValueRequired spec.template.spec.containers
            PATCH deployments/a 422 Invalid
              cause FieldValueInvalid spec.selector
              cause FieldValueInvalid spec.template.metadata.labels
            POST services 422 Invalid
              cause FieldValueInvalid spec.ports[0].port
              cause FieldValueInvalid spec.ports[0].targetPort
              cause FieldValueInvalid spec.ports[1].port
              cause FieldValueInvalid spec.ports[1].targetPort
              cause FieldValueRequired spec.ports[0].name
              cause FieldValueRequired spec.ports[1].name
            POST services 422 Invalid
              cause FieldValueRequired spec.ports
            POST ingresses 422 Invalid
              cause FieldValueInvalid spec
            POST ingresses 422 Invalid
              cause FieldValueRequired spec.rules[0].http.paths[0].pathType
            POST horizontalpodautoscalers 422 Invalid
              cause FieldValueInvalid spec.maxReplicas
              cause FieldValueRequired spec.scaleTargetRef.name
            POST leases 422 Invalid
              cause FieldValueInvalid spec.leaseDurationSeconds
            """),
        new("ImmutableConfigMap_StaysAsItIs", async p =>
        {
            await p.MakeAsync("configmaps", "{metadata: {name: a}, immutable: true, data: {k: '1'}}");
            p.ShowMessage(await p.PatchAsync("configmaps/a", "{data: {k: '2'}}"));
            p.ShowMessage(await p.PatchAsync("configmaps/a", "{immutable: false}"));
            await p.PatchAsync("configmaps/a", "{metadata: {labels: {x: y}}}");
        }, """
            PATCH configmaps/a 422 Invalid
              cause FieldValueForbidden data
              ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set
            PATCH configmaps/a 422 Invalid
              cause FieldValueForbidden immutable
              ConfigMap "a" is invalid: immutable: Forbidden: field is immutable when `immutable` is set
            PATCH configmaps/a 200
            """),
        new("Service_ClusterIp_MayNotChange", async p =>
        {
            await p.MakeAsync("services", "{metadata: {name: a}, spec: {selector: {app: a}, ports: [{port: 80}]}}");
            await p.PatchAsync("services/a", "{spec: {clusterIP: 10.0.77.77}}");
            var whole = await p.ReadAsync("services/a");
            whole["spec"]!["selector"]!["app"] = "b";
            p.Show(await p.PutAsync("services/a", whole), "spec/selector");
        }, """
            PATCH services/a 422 Invalid
              cause FieldValueInvalid spec.clusterIPs[0]
            PUT services/a 200
              spec/selector={"app":"b"}
            """),
    ];
}
