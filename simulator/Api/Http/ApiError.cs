using System.Net;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Resources;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>A failure that the client gets as a Status object, with Kubernetes' reasons and messages.</summary>
internal sealed class ApiError(HttpStatusCode code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = (int)code;

    public string Reason { get; } = reason;

    /// <summary>A whole Status that a webhook sent, kept as it is.</summary>
    public JsonObject? Given { get; init; }

    public JsonObject ToStatus()
    {
        if (Given is not null)
        {
            return Given.Copy();
        }

        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason.Length > 0)
        {
            status["reason"] = Reason;
        }

        if (details is not null)
        {
            status["details"] = details.DeepClone();
        }

        status["code"] = Code;
        return status;
    }

    public static ApiError NotFound(ResourceType type, string name)
        => new(HttpStatusCode.NotFound, "NotFound", $"{type.Qualified} \"{name}\" not found", Details(type, name));

    public static ApiError UnknownPath()
        => new(HttpStatusCode.NotFound, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiError AlreadyExists(ResourceType type, string name)
        => new(HttpStatusCode.Conflict, "AlreadyExists", $"{type.Qualified} \"{name}\" already exists", Details(type, name));

    public static ApiError Modified(ResourceType type, string name) => Conflict(type, name,
        "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>In the real server's words, which name the resource where other 422s name the kind.</summary>
    public static ApiError MustNameVersion(ResourceType type, string name)
        => Invalid(type.Group, type.Plural, name, [new("metadata.resourceVersion", "FieldValueInvalid", "Invalid value: 0x0: must be specified for an update")]);

    public static ApiError Conflict(ResourceType type, string name, string why) => new(HttpStatusCode.Conflict, "Conflict",
        $"Operation cannot be fulfilled on {type.Qualified} \"{name}\": {why}", Details(type, name));

    public static ApiError ApplyConflict(IReadOnlyList<FieldError> causes) => new(HttpStatusCode.Conflict, "Conflict",
        causes.Count == 1
            ? $"Apply failed with 1 conflict: {causes[0].Message}: {causes[0].Path}"
            : $"Apply failed with {causes.Count} conflicts: " + string.Join("; ", causes.Select(c => $"{c.Message}: {c.Path}")),
        new JsonObject { ["causes"] = Causes(causes) });

    public static ApiError Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors) => Invalid(type.Group, type.Kind, name, errors);

    /// <summary>What is wrong with a request's options: DeleteOptions, CreateOptions and so on.</summary>
    public static ApiError InvalidOptions(string kind, params IReadOnlyList<FieldError> errors) => Invalid("meta.k8s.io", kind, "", errors);

    public static ApiError Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        var details = new JsonObject();
        foreach (var (key, value) in new[] { ("name", name), ("group", group), ("kind", kind) }.Where(d => d.Item2.Length > 0))
        {
            details[key] = value;
        }

        details["causes"] = Causes(errors);
        return new(HttpStatusCode.UnprocessableEntity, "Invalid", $"{(group.Length == 0 ? kind : $"{kind}.{group}")} \"{name}\" is invalid: {text}", details);
    }

    /// <summary>A patch that does not fit the object: 422 without causes.</summary>
    public static ApiError Unprocessable(string message) => new(HttpStatusCode.UnprocessableEntity, "Invalid", message, new JsonObject());

    public static ApiError BadRequest(string message) => new(HttpStatusCode.BadRequest, "BadRequest", message);

    public static ApiError Forbidden(ResourceType type, string name, string why, params IReadOnlyList<FieldError> causes)
    {
        var details = Details(type, name);
        if (causes.Count > 0)
        {
            details["causes"] = Causes(causes);
        }

        return new(HttpStatusCode.Forbidden, "Forbidden", $"{type.Qualified} \"{name}\" is forbidden: {why}", details);
    }

    /// <summary>Refused before it is known whether what was asked for exists.</summary>
    public static ApiError Forbidden(string group, string resource, string name, string why)
    {
        if (resource.Length == 0)
        {
            return new(HttpStatusCode.Forbidden, "Forbidden", $"forbidden: {why}", new JsonObject());
        }

        var qualified = group.Length == 0 ? resource : $"{resource}.{group}";
        var details = new JsonObject();
        foreach (var (key, value) in new[] { ("name", name), ("group", group), ("kind", resource) }.Where(d => d.Item2.Length > 0))
        {
            details[key] = value;
        }

        return new(HttpStatusCode.Forbidden, "Forbidden", name.Length == 0 ? $"{qualified} is forbidden: {why}" : $"{qualified} \"{name}\" is forbidden: {why}", details);
    }

    public static ApiError Unauthorized() => new(HttpStatusCode.Unauthorized, "Unauthorized", "Unauthorized");

    public static ApiError Expired(string message) => new(HttpStatusCode.Gone, "Expired", message);

    public static ApiError MethodNotAllowed() => new(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed",
        "the server does not allow this method on the requested resource", new JsonObject());

    public static ApiError MediaType(params IEnumerable<string> accepted) => new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");

    public static ApiError NotAcceptable() => new(HttpStatusCode.NotAcceptable, "NotAcceptable",
        "only the following media types are accepted: application/json");

    public static ApiError Internal(string message) => new(HttpStatusCode.InternalServerError, "InternalError",
        $"Internal error occurred: {message}", new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) });

    /// <summary>An error that the real server has no reason for: 500 with the bare message.</summary>
    public static ApiError Unknown(string message) => new(HttpStatusCode.InternalServerError, "", message);

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (type.Group.Length > 0)
        {
            details["group"] = type.Group;
        }

        details["kind"] = type.Plural;
        return details;
    }

    private static JsonArray Causes(IEnumerable<FieldError> errors)
        => new([.. errors.Select(e => new JsonObject { ["reason"] = e.Reason, ["message"] = e.Message, ["field"] = e.Path.Length == 0 ? "<nil>" : e.Path })]);
}
