namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Events, as controllers write them and <c>kubectl describe</c> asks for them.</summary>
internal static class Events
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Event_IsFoundByWhatItIsAbout", async p =>
        {
            await p.MakeAsync("events", Event("a", p.Namespace));
            await p.MakeAsync("events", Event("b", p.Namespace, "other"));
            foreach (var selector in new[] { "involvedObject.name%3Dpodinfo", "involvedObject.kind%3DWidget%2CinvolvedObject.name%3Dother", "involvedObject.uid%3D1%2Ctype%3DWarning", "reason%3DSynced%2Csource%3Dtester" })
            {
                var list = await p.GetAsync($"events?fieldSelector={selector}");
                p.Show(list, "items/0/metadata/name", "items/1/metadata/name");
            }

            p.Show(await p.PatchAsync("events/a", "{count: 2, message: again}"), "count", "message", "metadata/generation");
        }, """
            GET events?fieldSelector=involvedObject.name%3Dpodinfo 200
              items/0/metadata/name="a", items/1/metadata/name=-
            GET events?fieldSelector=involvedObject.kind%3DWidget%2CinvolvedObject.name%3Dother 200
              items/0/metadata/name="b", items/1/metadata/name=-
            GET events?fieldSelector=involvedObject.uid%3D1%2Ctype%3DWarning 200
              items/0/metadata/name="a", items/1/metadata/name="b"
            GET events?fieldSelector=reason%3DSynced%2Csource%3Dtester 200
              items/0/metadata/name="a", items/1/metadata/name="b"
            PATCH events/a 200
              count=2, message="again", metadata/generation=-
            """),
        new("Event_InAnotherNamespaceThanItsObject_IsInvalid", async p =>
        {
            p.ShowMessage(await p.PostAsync("events", Event("a", "elsewhere")));
        }, """
            POST events 422 Invalid
              cause FieldValueInvalid involvedObject.namespace
              Event "a" is invalid: involvedObject.namespace: Invalid value: "elsewhere": does not match event.namespace
            """),
    ];

    internal static string Event(string name, string ns, string about = "podinfo") => $$"""
        metadata: { name: {{name}} }
        involvedObject: { apiVersion: conformance.example.com/v1, kind: Widget, namespace: {{ns}}, name: {{about}}, uid: '1' }
        type: Warning
        reason: Synced
        message: 'It happened.'
        source: { component: tester }
        count: 1
        firstTimestamp: '2001-01-01T00:00:00Z'
        lastTimestamp: '2001-01-01T00:00:00Z'
        """;
}
