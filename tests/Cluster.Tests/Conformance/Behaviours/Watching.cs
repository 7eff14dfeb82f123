namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Watches: where they start, what they tell, how they end.</summary>
internal static class Watching
{
    private const string Name = "metadata/name";
    private const string Version = "metadata/resourceVersion";

    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Watch_FromAVersion_TellsWhatCameAfter_AndEndsInTime", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}, data: {k: '1'}}");
            p.Show(first, Version);
            p.Show(await p.PatchAsync("configmaps/a", "{data: {k: '2'}}"), Version);
            p.Show(await p.PostAsync("configmaps", "{metadata: {name: b}}"), Version);
            await p.DeleteAsync("configmaps/a");
            var seen = await p.WatchAsync($"configmaps?watch=true&timeoutSeconds=1&resourceVersion={(string?)first["metadata"]!["resourceVersion"]}", Name, Version, "kind", "data/k");
            var deleted = long.Parse((string)seen[^1]["object"]!["metadata"]!["resourceVersion"]!);
            p.Say(deleted > long.Parse((string)seen[^2]["object"]!["metadata"]!["resourceVersion"]!) ? "deleted under a version of its own" : "deleted under the last version");
        }, """
              metadata/resourceVersion=version1
            PATCH configmaps/a 200
              metadata/resourceVersion=version2
            POST configmaps 201
              metadata/resourceVersion=version3
            DELETE configmaps/a 200
              MODIFIED metadata/name="a", metadata/resourceVersion=version2, kind="ConfigMap", data/k="2"
              ADDED metadata/name="b", metadata/resourceVersion=version3, kind="ConfigMap", data/k=-
              DELETED metadata/name="a", metadata/resourceVersion=version4, kind="ConfigMap", data/k="2"
            deleted under a version of its own
            """),
        new("Watch_WithoutVersion_StartsWithWhatThereIs", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            await p.MakeAsync("widgets", "{metadata: {name: b}, spec: {color: red}}");
            await p.WatchAsync("widgets?watch=true&timeoutSeconds=1", Name);
            p.Say("from 0");
            await p.WatchAsync("widgets?watch=1&timeoutSeconds=1&resourceVersion=0", Name);
        }, """
              ADDED metadata/name="a"
              ADDED metadata/name="b"
            from 0
              ADDED metadata/name="a"
              ADDED metadata/name="b"
            """),
        new("Watch_WithASelector_TurnsChangesIntoAddsAndDeletes", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            await p.ChangeAsync("configmaps/a", "{metadata: {labels: {x: '1'}}}");
            await p.ChangeAsync("configmaps/a", "{data: {k: '1'}}");
            await p.ChangeAsync("configmaps/a", "{metadata: {labels: {x: '2'}}, data: {k: '2'}}");
            await p.ChangeAsync("configmaps/a", "{data: {k: '3'}}");
            var version = (string?)first["metadata"]!["resourceVersion"];
            await p.WatchAsync($"configmaps?watch=true&timeoutSeconds=1&labelSelector=x%3D1&resourceVersion={version}", Name, "metadata/labels/x", "data/k", Version);
            await p.MakeAsync("configmaps", "{metadata: {name: b}}");
            p.Say("by name");
            await p.WatchAsync($"configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Db&resourceVersion={version}", Name);
            p.Say("one object");
            await p.WatchAsync($"configmaps/b?watch=true&timeoutSeconds=1&resourceVersion={version}", Name);
        }, """
              ADDED metadata/name="a", metadata/labels/x="1", data/k=-, metadata/resourceVersion=version1
              MODIFIED metadata/name="a", metadata/labels/x="1", data/k="1", metadata/resourceVersion=version2
              DELETED metadata/name="a", metadata/labels/x="1", data/k="1", metadata/resourceVersion=version3
            by name
              ADDED metadata/name="b"
            one object
               metadata/name=-
            """),
        new("Watch_FromATooOldVersion_IsToldSo", async p =>
        {
            await p.WatchAsync("widgets?watch=true&timeoutSeconds=1&resourceVersion=1", "kind", "apiVersion", "status", "reason", "code", "metadata");
        }, """
              ERROR kind="Status", apiVersion="v1", status="Failure", reason="Expired", code=410, metadata={}
            """),
        new("Watch_FromNonsense_IsRefused", async p => p.Say($"{(await p.TellAsync(HttpMethod.Get, "configmaps?watch=true&resourceVersion=soon")).Code}"), """
            GET configmaps?watch=true&resourceVersion=soon 500
            500
            """),
        new("Watch_BookmarksBeforeItsEnd_WhenAsked", async p =>
        {
            var first = await p.MakeAsync("configmaps", "{metadata: {name: a}}");
            var version = (string?)first["metadata"]!["resourceVersion"];
            var watching = p.WatchAsync($"configmaps?watch=true&timeoutSeconds=4&labelSelector=no%3Dsuch&allowWatchBookmarks=true&resourceVersion={version}", "kind", "apiVersion", "data", Name);

            // A bookmark comes only where something has happened since, even if the watch does not tell of it.
            for (var i = 0; !watching.IsCompleted; i++)
            {
                await p.ChangeAsync("configmaps/a", $"{{data: {{k: '{i}'}}}}");
            }

            var events = await watching;
            p.Say(events.Count > 0 && long.Parse((string)events[0]["object"]!["metadata"]!["resourceVersion"]!) > long.Parse(version!) ? "with a version to go on from" : "without a version");
        }, """
              BOOKMARK kind="ConfigMap", apiVersion="v1", data=-, metadata/name=-
            with a version to go on from
            """),
        new("Watch_AsTable_NamesItsColumnsOnce", async p =>
        {
            var first = await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            await p.MakeAsync("widgets", "{metadata: {name: b}, spec: {color: blue}}");
            await p.MakeAsync("widgets", "{metadata: {name: c}, spec: {color: green}}");
            var path = $"widgets?watch=true&timeoutSeconds=1&resourceVersion={(string?)first["metadata"]!["resourceVersion"]}";
            var answer = await p.SendAsync(HttpMethod.Get, path, accept: ApiProbe.Table);
            p.Say(answer.ContentType);
            foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var item = ApiProbe.Yaml(line);
                p.Show(item, "type", "object/kind", "object/columnDefinitions/0/name", "object/rows/0/cells/0", "object/rows/0/cells/1", "object/rows/0/object/kind");
            }
        }, """
            application/json
              type="ADDED", object/kind="Table", object/columnDefinitions/0/name="Name", object/rows/0/cells/0="b", object/rows/0/cells/1="blue", object/rows/0/object/kind="PartialObjectMetadata"
              type="ADDED", object/kind="Table", object/columnDefinitions/0/name=-, object/rows/0/cells/0="c", object/rows/0/cells/1="green", object/rows/0/object/kind="PartialObjectMetadata"
            """),
        new("Watch_MetadataOnly", async p =>
        {
            await p.MakeAsync("widgets", "{metadata: {name: a}, spec: {color: red}}");
            var answer = await p.SendAsync(HttpMethod.Get, "widgets?watch=true&timeoutSeconds=1", accept: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
            p.Say(answer.ContentType);
            p.Show(ApiProbe.Yaml(answer.Text.Split('\n')[0]), "type", "object/kind", "object/apiVersion", "object/metadata/name", "object/spec");
        }, """
            application/json
              type="ADDED", object/kind="PartialObjectMetadata", object/apiVersion="meta.k8s.io/v1", object/metadata/name="a", object/spec=-
            """),
    ];
}
