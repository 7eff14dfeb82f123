using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;
using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>One request on a resource, with everything its handler needs to know.</summary>
internal sealed class ApiCall(HttpContext http, ApiUser user, ResourceType type, RequestPath path)
{
    public HttpContext Http { get; } = http;

    public ApiUser User { get; } = user;

    public ResourceType Type { get; } = type;

    public RequestPath Path { get; } = path;

    public string Namespace => Path.Namespace;

    public string Name => Path.Name;

    public string Subresource => Path.Subresource;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Texts for Warning headers.</summary>
    public List<string> Warnings { get; } = [];

    public bool DryRun { get; set; } = http.Request.Query["dryRun"].Contains("All");

    public bool Force => Flag("force");

    /// <summary>Strict, Warn or Ignore.</summary>
    public string FieldValidation
    {
        get
        {
            var given = Query("fieldValidation") ?? "Warn";
            return given is "Strict" or "Warn" or "Ignore" ? given
                : throw ApiError.BadRequest($"fieldValidation: Unsupported value: \"{given}\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
        }
    }

    /// <summary>fieldManager, or what the real server takes for it: the user agent up to its first slash.</summary>
    public string FieldManager => Query("fieldManager") is { Length: > 0 } given ? given
        : Http.Request.Headers.UserAgent.ToString().Split('/')[0] is { Length: > 0 } agent ? agent : "unknown";

    public ObjectForm Form => Negotiation.Form(Http.Request.Headers.Accept.ToString(), one: Name.Length > 0 || Http.Request.Method != "GET" || Flag("watch"));

    public string? Query(string name) => Http.Request.Query[name].FirstOrDefault();

    public bool Flag(string name) => Query(name) is "true" or "1";

    public int? Number(string name) => Query(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ApiError.BadRequest($"{name}: invalid value \"{text}\": must be a non-negative integer");

    /// <summary>Throws the 422 of options that cannot be.</summary>
    public void CheckOptions(string kind)
    {
        const int LongestManager = 128;
        if (Http.Request.Query["dryRun"].FirstOrDefault(d => d is not (null or "" or "All")) is { } dryRun)
        {
            throw ApiError.InvalidOptions(kind, new FieldError("dryRun", "FieldValueNotSupported", $"Unsupported value: []string{{\"{dryRun}\"}}: supported values: \"All\""));
        }

        if (kind != "DeleteOptions" && Encoding.UTF8.GetByteCount(Query("fieldManager") ?? "") > LongestManager)
        {
            throw ApiError.InvalidOptions(kind, FieldError.TooLong("fieldManager", LongestManager));
        }
    }

    /// <summary>The options object of admission reviews.</summary>
    public JsonObject Options(string kind)
    {
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (kind is "CreateOptions" or "UpdateOptions" && Query("fieldManager") is { Length: > 0 } manager)
        {
            options["fieldManager"] = manager;
        }

        if (DryRun)
        {
            options["dryRun"] = new JsonArray("All");
        }

        return options;
    }
}
