using System.Text.Json.Nodes;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Cluster.Tests.Conformance;

/// <summary>
/// The definitions that the behaviours use: Widget (schema, subresources, columns), Plain (none of these, anything goes) and Gadget (two
/// versions with a conversion webhook).
/// </summary>
internal static class Definitions
{
    private const string Widgets = $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: widgets.{{Resources.Group}} }
        spec:
          group: {{Resources.Group}}
          scope: Namespaced
          names: { kind: Widget, plural: widgets, singular: widget, shortNames: [wg], categories: [toys] }
          versions:
            - name: v1
              served: true
              storage: true
              subresources:
                status: {}
                scale: { specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.selector }
              additionalPrinterColumns:
                - { name: Color, type: string, jsonPath: .spec.color }
                - { name: Size, type: integer, jsonPath: .spec.size, description: How big it is }
                - { name: Big, type: boolean, jsonPath: .spec.big, priority: 1 }
                - { name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status' }
                - { name: Since, type: date, jsonPath: .spec.since }
                - { name: Age, type: date, jsonPath: .metadata.creationTimestamp }
              schema:
                openAPIV3Schema:
                  type: object
                  required: [spec]
                  properties:
                    spec:
                      type: object
                      required: [color]
                      properties:
                        color: { type: string, enum: [red, green, blue] }
                        size: { type: integer, minimum: 1, maximum: 10, default: 3 }
                        big: { type: boolean }
                        since: { type: string, format: date-time }
                        replicas: { type: integer, format: int32 }
                        code: { type: string, pattern: '^[a-z]+$', maxLength: 5, minLength: 2 }
                        ratio: { type: number }
                        maybe: { type: string, nullable: true }
                        always: { type: string, default: here }
                        nested:
                          type: object
                          properties:
                            name: { type: string, default: inner }
                            level: { type: integer }
                        words: { type: object, additionalProperties: { type: string } }
                        free: { type: object, x-kubernetes-preserve-unknown-fields: true, properties: { known: { type: integer } } }
                        items: { type: array, maxItems: 2, items: { type: object, required: [name], properties: { name: { type: string }, weight: { type: integer, default: 7 } } } }
                        ports:
                          type: array
                          x-kubernetes-list-type: map
                          x-kubernetes-list-map-keys: [port]
                          items: { type: object, required: [port], properties: { port: { type: integer }, name: { type: string } } }
                        tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
                        either:
                          type: object
                          properties: { a: { type: string }, b: { type: string } }
                          oneOf: [{ required: [a] }, { required: [b] }]
                    status:
                      type: object
                      properties:
                        phase: { type: string, enum: [New, Old] }
                        replicas: { type: integer }
                        selector: { type: string }
                        conditions: { type: array, items: { type: object, properties: { type: { type: string }, status: { type: string } } } }
        """;

    private const string Plains = $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: plains.{{Resources.Group}} }
        spec:
          group: {{Resources.Group}}
          scope: Namespaced
          names: { kind: Plain, plural: plains }
          versions:
            - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }
        """;

    private const string Gadgets = $$"""
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: { name: gadgets.{{Resources.Group}} }
        spec:
          group: {{Resources.Group}}
          scope: Namespaced
          names: { kind: Gadget, plural: gadgets }
          conversion: { strategy: Webhook, webhook: { conversionReviewVersions: [v1], clientConfig: {} } }
          versions:
            - name: v1alpha3
              served: true
              storage: false
              subresources: { status: {} }
              additionalPrinterColumns: [{ name: Old, type: string, jsonPath: .spec.old }]
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec: { type: object, properties: { old: { type: string }, kept: { type: string } } }
                    status: { type: object, x-kubernetes-preserve-unknown-fields: true }
            - name: v1beta1
              served: true
              storage: true
              subresources: { status: {} }
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec: { type: object, properties: { current: { type: object, properties: { value: { type: string }, extra: { type: string, default: more } } }, kept: { type: string }, amount: { x-kubernetes-int-or-string: true } } }
                    status: { type: object, x-kubernetes-preserve-unknown-fields: true }
        """;

    internal static IEnumerable<JsonObject> All(ReviewServer reviews)
    {
        yield return (JsonObject)YamlText.Read(Widgets)!;
        yield return (JsonObject)YamlText.Read(Plains)!;
        var gadgets = (JsonObject)YamlText.Read(Gadgets)!;
        gadgets["spec"]!["conversion"]!["webhook"]!["clientConfig"] = new JsonObject
        {
            ["url"] = new Uri(reviews.Address, ReviewServer.ConversionPath).ToString(),
            ["caBundle"] = reviews.CaBundle,
        };
        yield return gadgets;
    }
}
