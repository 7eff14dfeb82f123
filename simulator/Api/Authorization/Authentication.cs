using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>Who sends a request, and as whom: <c>kubectl --as</c> acts for somebody else where roles allow it.</summary>
internal sealed record Authentication(ApiUser? Sender, ApiUser? User)
{
    /// <param name="users">The user of a token; null for a token that was never given out.</param>
    public static Authentication Of(HttpRequest request, Func<string, ApiUser?> users)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        var sender = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? users(header[Scheme.Length..].Trim()) : null;
        return request.Headers["Impersonate-User"].FirstOrDefault() is { Length: > 0 } name && sender is not null
            ? new(sender, ActedFor(name, [.. request.Headers["Impersonate-Group"].OfType<string>()]))
            : new(sender, sender);
    }

    /// <summary>Throws unless the sender may act for the user.</summary>
    /// <exception cref="Http.ApiError">403.</exception>
    public void DemandImpersonation(Authorizer authorizer)
    {
        if (Sender is null || User is null || ReferenceEquals(Sender, User))
        {
            return;
        }

        authorizer.Demand(ApiUser.TryServiceAccount(User.Name) is { } account
            ? new(Sender, "impersonate") { Resource = "serviceaccounts", Namespace = account.Namespace, Name = account.Name }
            : new(Sender, "impersonate") { Resource = "users", Name = User.Name });
        foreach (var group in User.Groups.Where(g => !g.StartsWith("system:serviceaccounts", StringComparison.Ordinal) && g != ApiUser.Authenticated))
        {
            authorizer.Demand(new(Sender, "impersonate") { Resource = "groups", Name = group });
        }
    }

    // Without groups a service account gets its own, as the real server does it.
    private static ApiUser ActedFor(string name, IReadOnlyList<string> groups)
        => groups.Count == 0 && ApiUser.TryServiceAccount(name) is { } account
            ? ApiUser.ServiceAccount(account.Namespace, account.Name)
            : new(name, [.. groups.Where(g => g != ApiUser.Authenticated), ApiUser.Authenticated]);
}
