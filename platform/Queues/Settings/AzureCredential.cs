using Azure.Core;
using Azure.Identity;

namespace CanaryFunctions.Platform.Queues.Settings;

/// <summary>The identity that a connection's settings name, by the Functions host's rules.</summary>
internal static class AzureCredential
{
    /// <summary>Null when something is wrong, which then is among the problems.</summary>
    public static TokenCredential? Read(ConnectionSettings settings) => settings.Find("credential")?.ToLowerInvariant() switch
    {
        null => Default(settings),
        "managedidentity" => Managed(settings),
        "workloadidentity" => Workload(settings),
        var other => settings.Refuse<TokenCredential>("credential", other, "is no kind of credential that is known here; use managedidentity or workloadidentity, or leave it out."),
    };

    private static ManagedIdentityCredential? Managed(ConnectionSettings settings)
    {
        var client = settings.Find("managedIdentityClientId") ?? settings.Find("clientId");
        var (resource, principal) = (settings.Find("managedIdentityResourceId"), settings.Find("managedIdentityObjectId"));
        if (new[] { client, resource, principal }.Count(id => id is not null) > 1)
        {
            return settings.Refuse<ManagedIdentityCredential>(
                "credential", "managedidentity", "takes one of clientId, managedIdentityResourceId and managedIdentityObjectId, and there are several.");
        }

        var identity = client is not null ? ManagedIdentityId.FromUserAssignedClientId(client)
            : resource is not null ? ManagedIdentityId.FromUserAssignedResourceId(new ResourceIdentifier(resource))
            : principal is not null ? ManagedIdentityId.FromUserAssignedObjectId(principal)
            : ManagedIdentityId.SystemAssigned;
        return new ManagedIdentityCredential(identity);
    }

    /// <summary>What a connection does not say, the pod's environment does: the cluster's webhook puts it there.</summary>
    private static WorkloadIdentityCredential? Workload(ConnectionSettings settings)
    {
        var client = settings.Find("clientId") ?? settings.Variable("AZURE_CLIENT_ID");
        var tenant = settings.Find("tenantId") ?? settings.Variable("AZURE_TENANT_ID");
        var file = settings.Find("tokenFilePath") ?? settings.Variable("AZURE_FEDERATED_TOKEN_FILE");
        return client is null ? settings.Refuse<WorkloadIdentityCredential>("clientId", "", "must be the identity's client id, or AZURE_CLIENT_ID must be set.")
            : tenant is null ? settings.Refuse<WorkloadIdentityCredential>("tenantId", "", "must be the identity's tenant, or AZURE_TENANT_ID must be set.")
            : file is null ? settings.Refuse<WorkloadIdentityCredential>("tokenFilePath", "", "must be the file with the pod's token, or AZURE_FEDERATED_TOKEN_FILE must be set.")
            : new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions { ClientId = client, TenantId = tenant, TokenFilePath = file });
    }

    private static TokenCredential? Default(ConnectionSettings settings)
    {
        var (tenant, client, secret) = (settings.Find("tenantId"), settings.Find("clientId"), settings.Find("clientSecret"));
        if (secret is not null)
        {
            return tenant is not null && client is not null
                ? new ClientSecretCredential(tenant, client, secret)
                : settings.Refuse<TokenCredential>("clientSecret", "(hidden)", "needs tenantId and clientId beside it.");
        }

        return new DefaultAzureCredential(new DefaultAzureCredentialOptions { TenantId = tenant, ManagedIdentityClientId = client, WorkloadIdentityClientId = client });
    }
}
