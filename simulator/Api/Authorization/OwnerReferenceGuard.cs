using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;
using CanaryFunctions.Simulator.Api.Writing;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>
/// The admission plugin OwnerReferencesPermissionEnforcement, which OpenShift switches on: whoever gives an existing object an owner must be able to delete it,
/// and whoever holds up an owner's deletion must be able to set the owner's finalizers.
/// </summary>
internal sealed class OwnerReferenceGuard(Authorizer authorizer, ResourceCatalog catalog)
{
    /// <exception cref="ApiError">403.</exception>
    public void Check(WriteRequest write, string name, JsonObject wanted, JsonObject? live)
    {
        var (now, before) = (Owners(wanted), Owners(live));
        if (write.User == ApiUser.Collector || (now.Count == before.Count && now.Zip(before).All(p => JsonTree.Same(p.First, p.Second))))
        {
            return;
        }

        if (live is not null)
        {
            Demand(write, name, new(write.User, "delete") { Group = write.Type.Group, Resource = write.Type.Plural, Namespace = write.Namespace, Name = name },
                "cannot set an ownerRef on a resource you can't delete");
        }

        foreach (var owner in now.Where(o => o.Flag("blockOwnerDeletion") == true && !before.Any(b => b.Str("uid") == o.Str("uid") && b.Flag("blockOwnerDeletion") == true)))
        {
            if (catalog.FindKind(owner.Str("apiVersion") ?? "", owner.Str("kind") ?? "") is { } type)
            {
                var finalizers = new AccessAttributes(write.User, "update")
                {
                    Group = type.Group,
                    Resource = type.Plural,
                    Subresource = "finalizers",
                    Namespace = type.Namespaced ? write.Namespace : "",
                    Name = owner.Str("name") ?? "",
                };
                Demand(write, name, finalizers, "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on");
            }
        }
    }

    private void Demand(WriteRequest write, string name, AccessAttributes needed, string problem)
    {
        try
        {
            authorizer.Demand(needed);
        }
        catch (ApiError)
        {
            throw ApiError.Forbidden(write.Type, name, $"{problem}: , <nil>");
        }
    }

    private static List<JsonObject> Owners(JsonObject? item) => [.. item.Arr("metadata", "ownerReferences").Objects()];
}
