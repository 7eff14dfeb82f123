namespace CanaryFunctions.Simulator.Api;

/// <summary>Who a token stands for, as roles and admission webhooks see it.</summary>
public sealed record ApiUser(string Name, IReadOnlyList<string> Groups)
{
    internal const string Authenticated = "system:authenticated";

    private const string AccountPrefix = "system:serviceaccount:";

    /// <summary>The kubeconfig's user, who may do everything.</summary>
    public static ApiUser Admin { get; } = new("kubernetes-admin", ["system:masters", Authenticated]);

    /// <summary>The server's own controllers, such as the garbage collector.</summary>
    internal static ApiUser Collector { get; } = ServiceAccount("kube-system", "generic-garbage-collector");

    /// <summary>A service account, with the groups that its tokens carry.</summary>
    public static ApiUser ServiceAccount(string ns, string name)
        => new(ServiceAccountName(ns, name), ["system:serviceaccounts", $"system:serviceaccounts:{ns}", Authenticated]);

    internal static string ServiceAccountName(string ns, string name) => $"{AccountPrefix}{ns}:{name}";

    /// <summary>Namespace and name of the service account that a user is; null for other users.</summary>
    internal static (string Namespace, string Name)? TryServiceAccount(string user)
        => user.StartsWith(AccountPrefix, StringComparison.Ordinal) && user[AccountPrefix.Length..].Split(':') is [var ns, var name] ? (ns, name) : null;
}
