namespace CanaryFunctions.Cluster.Tests.Conformance.Behaviours;

/// <summary>Collection by owner references.</summary>
internal static class Owning
{
    internal static IReadOnlyList<Behaviour> All { get; } =
    [
        new("Background_TakesTheDependentsLater", async p =>
        {
            await FamilyAsync(p);
            p.Show(await p.DeleteAsync("configmaps/owner"), "kind");
            await p.GetAsync("configmaps/owner");
            await p.GoneAsync("secrets/child");
            await p.GoneAsync("secrets/grandchild");
        }, """
            DELETE configmaps/owner 200
              kind="Status"
            GET configmaps/owner 404 NotFound
            secrets/child is gone
            secrets/grandchild is gone
            """),
        new("Foreground_WaitsForTheDependents", async p =>
        {
            await FamilyAsync(p, "x.io/hold");
            var marked = await p.DeleteAsync("configmaps/owner", "{propagationPolicy: Foreground}");
            p.Show(marked, "kind", "metadata/finalizers", "metadata/deletionTimestamp");
            var waiting = await p.UntilAsync("secrets/child", a => Answer.Field(a.Json, "metadata/deletionTimestamp") is not null);
            p.Show(waiting, "kind");
            p.Show(await p.GetAsync("configmaps/owner"), "metadata/finalizers");
            await p.ChangeAsync("secrets/child", "[{op: test, path: /metadata/finalizers/0, value: x.io/hold}, {op: remove, path: /metadata/finalizers/0}]", ApiProbe.JsonPatch);
            await p.GoneAsync("secrets/grandchild");
            await p.GoneAsync("secrets/child");
            await p.GoneAsync("configmaps/owner");
        }, """
            DELETE configmaps/owner 200
              kind="ConfigMap", metadata/finalizers=["foregroundDeletion"], metadata/deletionTimestamp="TIME"
              kind="Secret"
            GET configmaps/owner 200
              metadata/finalizers=["foregroundDeletion"]
            secrets/grandchild is gone
            secrets/child is gone
            configmaps/owner is gone
            """),
        new("Orphan_LeavesTheDependents", async p =>
        {
            await FamilyAsync(p);
            await p.DeleteAsync("configmaps/owner?propagationPolicy=Orphan");
            await p.GoneAsync("configmaps/owner");
            p.Show(await p.GetAsync("secrets/child"), "metadata/ownerReferences");
            p.Show(await p.GetAsync("secrets/grandchild"), "metadata/ownerReferences/0/name");
        }, """
            DELETE configmaps/owner?propagationPolicy=Orphan 200
            configmaps/owner is gone
            GET secrets/child 200
              metadata/ownerReferences=-
            GET secrets/grandchild 200
              metadata/ownerReferences/0/name="child"
            """),
        new("Dependent_WithAnotherOwner_LosesTheReferenceOnly", async p =>
        {
            var one = await p.MakeAsync("configmaps", "{metadata: {name: one}}");
            var two = await p.MakeAsync("configmaps", "{metadata: {name: two}}");
            await p.MakeAsync("secrets", $$"""
                metadata:
                  name: child
                  ownerReferences:
                    - { apiVersion: v1, kind: ConfigMap, name: one, uid: '{{(string?)one["metadata"]!["uid"]}}' }
                    - { apiVersion: v1, kind: ConfigMap, name: two, uid: '{{(string?)two["metadata"]!["uid"]}}' }
                """);
            await p.DeleteAsync("configmaps/one");
            var left = await p.UntilAsync("secrets/child", a => Answer.Field(a.Json, "metadata/ownerReferences/1") is null);
            p.Show(left, "metadata/ownerReferences/0/name");
        }, """
            DELETE configmaps/one 200
              metadata/ownerReferences/0/name="two"
            """),
        new("Dependent_OfAnOwnerThatNeverWas_IsCollected", async p =>
        {
            await p.PostAsync("secrets", $"{{metadata: {{name: child, {Manifests.Owned("ConfigMap", "v1", "ghost", "11111111-2222-3333-4444-555555555555")}}}}}");
            await p.GoneAsync("secrets/child");
        }, """
            POST secrets 201
            secrets/child is gone
            """),
        new("OwnerReference_Incomplete_IsInvalid", async p =>
        {
            await p.PostAsync("secrets", "{metadata: {name: child, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: owner}]}}");
            await p.PostAsync("secrets", "{metadata: {name: child, ownerReferences: [{apiVersion: v1, name: owner, uid: x}]}}");
            await p.PostAsync("secrets", "{metadata: {name: child, ownerReferences: [{apiVersion: v1, kind: A, name: a, uid: x, controller: true}, {apiVersion: v1, kind: A, name: b, uid: y, controller: true}]}}");
        }, """
            POST secrets 422 Invalid
              cause FieldValueInvalid metadata.ownerReferences.uid
            POST secrets 422 Invalid
              cause FieldValueInvalid metadata.ownerReferences.kind
            POST secrets 422 Invalid
              cause FieldValueInvalid metadata.ownerReferences
            """),
    ];

    /// <summary>A config map that owns a secret that owns a secret.</summary>
    private static async Task FamilyAsync(ApiProbe p, string finalizer = "")
    {
        var owner = await p.MakeAsync("configmaps", "{metadata: {name: owner}}");
        var finalizers = finalizer.Length > 0 ? $"finalizers: [{finalizer}], " : "";
        var child = await p.MakeAsync("secrets", $"{{metadata: {{name: child, {finalizers}{Manifests.Owned("ConfigMap", "v1", "owner", (string)owner["metadata"]!["uid"]!, blocks: true)}}}}}");
        await p.MakeAsync("secrets", $"{{metadata: {{name: grandchild, {Manifests.Owned("Secret", "v1", "child", (string)child["metadata"]!["uid"]!, blocks: true)}}}}}");
    }
}
