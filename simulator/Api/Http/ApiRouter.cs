using CanaryFunctions.Simulator.Api.Authorization;
using CanaryFunctions.Simulator.Api.Discovery;
using CanaryFunctions.Simulator.Api.Handling;
using CanaryFunctions.Simulator.Api.OpenApi;
using CanaryFunctions.Simulator.Api.Resources;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>From a request to its handler.</summary>
internal sealed class ApiRouter(
    ResourceCatalog catalog, Authorizer authorizer, DiscoveryDocuments discovery, OpenApiDocuments openApi, ReadHandler reads, WriteHandler writes,
    WatchHandler watches, ReviewHandler reviews, PodHandler pods, ServiceProxy proxy)
{
    /// <summary>What a request asks for, before it is known whether that exists.</summary>
    public static ApiRequest Describe(HttpContext http, ApiUser? user)
    {
        var request = http.Request;
        var path = RequestPath.Parse(request.Path);
        return new ApiRequest
        {
            Verb = path is null ? request.Method.ToLowerInvariant() : Verb(http, path),
            Path = request.Path,
            Query = request.QueryString.ToString(),
            Group = path?.Group ?? "",
            Resource = path?.Resource ?? "",
            Subresource = path?.Subresource ?? "",
            Namespace = path?.Namespace ?? "",
            Name = path?.Name ?? "",
            User = user?.Name ?? "",
            UserAgent = request.Headers.UserAgent.ToString(),
            DryRun = request.Query["dryRun"].Contains("All"),
        };
    }

    public async Task<Reply> AnswerAsync(HttpContext http, Authentication authentication)
    {
        var path = http.Request.Path.Value ?? "/";
        if (Open(path) is { } open)
        {
            return open;
        }

        var known = authentication.User ?? throw ApiError.Unauthorized();
        authentication.DemandImpersonation(authorizer);
        var parsed = RequestPath.Parse(path);
        authorizer.Demand(AccessAttributes.Of(http.Request, parsed is null ? "" : Verb(http, parsed), known));
        if (discovery.Answer(path, http.Request.Headers.Accept.ToString()) is { } document)
        {
            return document;
        }

        // Nobody serves what is below an unknown group or version, or an unknown custom kind: no Status then.
        if (path.StartsWith("/apis/", StringComparison.Ordinal) && !IsBuiltIn(path) && (parsed is null || Find(parsed) is null))
        {
            return Reply.Text("404 page not found\n", StatusCodes.Status404NotFound);
        }

        if (path.StartsWith("/openapi/", StringComparison.Ordinal))
        {
            return OpenApi(path) ?? throw ApiError.UnknownPath();
        }

        return parsed is null || Find(parsed) is not { } type ? throw ApiError.UnknownPath() : await DispatchAsync(new ApiCall(http, known, type, parsed));
    }

    private bool IsBuiltIn(string path) => path.Split('/') is [_, _, var group, var version, ..] && catalog.All.Any(t => t.Custom is null && t.Group == group && t.Version == version);

    /// <summary>The kind at a path; null when there is none, or not with or without a namespace.</summary>
    private ResourceType? Find(RequestPath path)
        => catalog.Find(path.Group, path.Version, path.Resource) is { } type
           && !(type.Namespaced ? path.Namespace.Length == 0 && path.Name.Length > 0 : path.Namespace.Length > 0) ? type : null;

    /// <summary>What is answered to everybody.</summary>
    private static Reply? Open(string path) => path switch
    {
        "/version" => Reply.Json(ServerVersion.Document()),
        "/healthz" or "/livez" or "/readyz" => Reply.Text("ok"),
        _ => null,
    };

    private Reply? OpenApi(string path) => path switch
    {
        "/openapi/v2" => SwaggerDocument.Answer(catalog),
        "/openapi/v3" => Reply.Json(openApi.Index()),
        _ => openApi.Group(path["/openapi/v3/".Length..]),
    };

    private async Task<Reply> DispatchAsync(ApiCall call) => call.Subresource switch
    {
        "" => await ObjectAsync(call),
        "status" when call.Type.HasStatus => await SubresourceAsync(call),
        "scale" when call.Type.Scale is not null => await SubresourceAsync(call),
        "finalize" when call.Type.StorageKey == BuiltInResources.Namespaces && call.Http.Request.Method == "PUT" => await writes.ReplaceAsync(call),
        "log" when call.Type.StorageKey == "/pods" && call.Http.Request.Method == "GET" => pods.Log(call),
        "binding" when call.Type.StorageKey == "/pods" && call.Http.Request.Method == "POST" => await pods.BindAsync(call),
        "eviction" when call.Type.StorageKey == "/pods" && call.Http.Request.Method == "POST" => await pods.EvictAsync(call),
        "proxy" when call.Type.StorageKey == "/services" => await proxy.ForwardAsync(call),
        _ when call.Type.Custom is not null => throw ApiError.NotFound(call.Type, call.Name),
        _ => throw ApiError.UnknownPath(),
    };

    private async Task<Reply> ObjectAsync(ApiCall call)
    {
        var verb = Verb(call.Http, call.Path);
        if ((call.Name.Length == 0 && verb is "update" or "patch") || (call.Name.Length > 0 && verb == "create"))
        {
            throw ApiError.MethodNotAllowed();
        }

        if (!call.Type.Verbs.Contains(verb) || (call.Type.Namespaced && call.Namespace.Length == 0 && verb is "create" or "deletecollection"))
        {
            throw ApiError.MethodNotAllowed();
        }

        return verb switch
        {
            "get" => await reads.GetAsync(call),
            "list" => await reads.ListAsync(call),
            "watch" => watches.Start(call),
            "create" => call.Type.Verbs.Count == 1 ? await reviews.AnswerAsync(call) : await writes.CreateAsync(call),
            "update" => await writes.ReplaceAsync(call),
            "patch" => await writes.PatchAsync(call),
            "delete" => await writes.DeleteAsync(call),
            _ => await writes.DeleteCollectionAsync(call),
        };
    }

    private async Task<Reply> SubresourceAsync(ApiCall call) => call.Http.Request.Method switch
    {
        "GET" => await reads.SubresourceAsync(call),
        "PUT" => await writes.ReplaceAsync(call),
        "PATCH" => await writes.PatchAsync(call),
        _ => throw ApiError.MethodNotAllowed(),
    };

    private static string Verb(HttpContext http, RequestPath path) => http.Request.Method switch
    {
        "GET" or "HEAD" => path.Name.Length > 0 ? "get" : http.Request.Query["watch"].FirstOrDefault() is "true" or "1" ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => path.Name.Length > 0 ? "delete" : "deletecollection",
        var other => other.ToLowerInvariant(),
    };
}
