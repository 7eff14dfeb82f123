namespace CanaryFunctions.Simulator.Api;

/// <summary>Who a token stands for, as admission webhooks see it in userInfo.</summary>
public sealed record ApiUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>The kubeconfig's user.</summary>
    public static ApiUser Admin { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    /// <summary>The server's own controllers, such as the garbage collector.</summary>
    internal static ApiUser Collector { get; } = new("system:serviceaccount:kube-system:generic-garbage-collector", ["system:serviceaccounts", "system:authenticated"]);
}
