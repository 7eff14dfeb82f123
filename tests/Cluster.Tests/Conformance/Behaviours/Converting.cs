namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Versions of a custom resource, with a webhook that converts.</summary>
internal static class Converting
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Conversion_OnWriteAndRead", async p =>
        {
            p.Show(await p.PostAsync("oldgadgets", "{metadata: {name: a, labels: {x: y}}, spec: {old: it, kept: k}}"), "apiVersion", "spec", "metadata/generation");
            p.Show(await p.GetAsync("gadgets/a"), "apiVersion", "spec", "metadata/labels", "metadata/uid");
            p.Show(await p.GetAsync("oldgadgets/a"), "apiVersion", "spec", "metadata/uid");
        }, """
            POST oldgadgets 201
              apiVersion="conformance.example.com/v1alpha3", spec={"kept":"k","old":"it"}, metadata/generation=1
            GET gadgets/a 200
              apiVersion="conformance.example.com/v1beta1", spec={"current":{"extra":"more","value":"it"},"kept":"k"}, metadata/labels={"x":"y"}, metadata/uid="uid1"
            GET oldgadgets/a 200
              apiVersion="conformance.example.com/v1alpha3", spec={"kept":"k","old":"it"}, metadata/uid="uid1"
            """),
        new("Conversion_OfUpdates_CountsOneGeneration", async p =>
        {
            await p.MakeAsync("gadgets", "{metadata: {name: a}, spec: {current: {value: one}}}");
            p.Show(await p.PatchAsync("oldgadgets/a", "{spec: {old: two}}"), "spec", "metadata/generation");
            p.Show(await p.PatchAsync("oldgadgets/a", "{metadata: {labels: {x: y}}}"), "metadata/generation");
            p.Show(await p.PatchAsync("oldgadgets/a/status", "{status: {x: 1}}"), "status", "metadata/generation");
            p.Show(await p.GetAsync("gadgets/a"), "spec/current/value", "status", "metadata/generation");
        }, """
            PATCH oldgadgets/a 200
              spec={"old":"two"}, metadata/generation=2
            PATCH oldgadgets/a 200
              metadata/generation=2
            PATCH oldgadgets/a/status 200
              status={"x":1}, metadata/generation=2
            GET gadgets/a 200
              spec/current/value="two", status={"x":1}, metadata/generation=2
            """),
        new("Conversion_OfLists_AndTables", async p =>
        {
            await p.MakeAsync("gadgets", "{metadata: {name: a}, spec: {current: {value: one}}}");
            await p.MakeAsync("oldgadgets", "{metadata: {name: b}, spec: {old: two}}");
            var list = await p.GetAsync("oldgadgets");
            p.Show(list, "kind", "apiVersion", "items/0/apiVersion", "items/0/spec/old", "items/1/spec/old");
            var table = await p.GetAsync("oldgadgets", ApiProbe.Table);
            p.Show(table, "columnDefinitions/1/name", "rows/0/cells", "rows/1/cells");
            p.Say("watched");
            await p.WatchAsync("oldgadgets?watch=true&timeoutSeconds=1", "apiVersion", "spec/old");
        }, """
            GET oldgadgets 200
              kind="GadgetList", apiVersion="conformance.example.com/v1alpha3", items/0/apiVersion="conformance.example.com/v1alpha3", items/0/spec/old="one", items/1/spec/old="two"
            GET oldgadgets 200
              columnDefinitions/1/name="Old", rows/0/cells=["a","one"], rows/1/cells=["b","two"]
            watched
              ADDED apiVersion="conformance.example.com/v1alpha3", spec/old="one"
              ADDED apiVersion="conformance.example.com/v1alpha3", spec/old="two"
            """),
        new("Conversion_ThatFails_IsAnInternalError", async p =>
        {
            await p.PostAsync("oldgadgets", "{metadata: {name: good}, spec: {old: good}}");
            await p.MakeAsync("gadgets", "{metadata: {name: bad}, spec: {current: {value: poison}}}");
            p.ShowMessage(await p.GetAsync("oldgadgets/bad"));
            p.ShowMessage(await p.GetAsync("oldgadgets"));
            await p.GetAsync("gadgets/bad");
            await p.DeleteAsync("gadgets/bad");
        }, """
            POST oldgadgets 201
            GET oldgadgets/bad 500
              conversion webhook for conformance.example.com/v1beta1, Kind=Gadget failed: it is poisoned
            GET oldgadgets 500
              conversion webhook for conformance.example.com/v1beta1, Kind=Gadget failed: it is poisoned
            GET gadgets/bad 200
            DELETE gadgets/bad 200
            """),
    ];
}
