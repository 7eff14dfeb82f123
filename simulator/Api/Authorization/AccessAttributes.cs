using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Resources;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>Who wants to do what, in the terms that rules speak of.</summary>
internal sealed record AccessAttributes(ApiUser User, string Verb)
{
    public string Group { get; init; } = "";

    /// <summary>Plural name; empty for a path that is no resource.</summary>
    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>Also of a list or watch whose field selector names one object: that is how a rule with names lets it pass.</summary>
    public string Name { get; init; } = "";

    /// <summary>The path of a request that names no resource.</summary>
    public string Path { get; init; } = "";

    /// <summary>pods, pods/log.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    public static AccessAttributes Of(HttpRequest request, string verb, ApiUser user)
    {
        if (RequestPath.Parse(request.Path) is not { } path)
        {
            return new(user, request.Method.ToLowerInvariant()) { Path = request.Path };
        }

        var isNamespace = $"{path.Group}/{path.Resource}" == BuiltInResources.Namespaces;
        return new(user, verb)
        {
            Group = path.Group,
            Resource = path.Resource,
            Subresource = path.Subresource,
            Namespace = isNamespace ? path.Name : path.Namespace,
            Name = path.Name.Length > 0 ? path.Name : NameOf(request.Query["fieldSelector"].ToString()),
        };
    }

    /// <summary>What the refused user reads, word for word as from a real server.</summary>
    public ApiError Refusal(string reason)
    {
        var why = reason.Length == 0 ? Sentence() : $"{Sentence()}: {reason}";
        return ApiError.Forbidden(Group, Resource, Name, why);
    }

    private static string NameOf(string fieldSelector)
    {
        const string Field = "metadata.name=";
        var term = fieldSelector.Split(',').FirstOrDefault(t => t.StartsWith(Field, StringComparison.Ordinal)) ?? Field;
        return term[Field.Length..].TrimStart('=');
    }

    private string Sentence()
    {
        if (Resource.Length == 0)
        {
            return $"User \"{User.Name}\" cannot {Verb} path \"{Path}\"";
        }

        var where = Namespace.Length > 0 ? $"in the namespace \"{Namespace}\"" : "at the cluster scope";
        return $"User \"{User.Name}\" cannot {Verb} resource \"{FullResource}\" in API group \"{Group}\" {where}";
    }
}
