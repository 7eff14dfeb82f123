using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using static CanaryFunctions.Simulator.Api.Protobuf.FieldShape;

namespace CanaryFunctions.Simulator.Api.Protobuf;

/// <summary>
/// The kinds that kubectl sends in protobuf whatever the server says: small descriptions of their messages, from the
/// published field numbers. Body: "k8s\0", then runtime.Unknown {1 TypeMeta {1 apiVersion, 2 kind}, 2 raw}.
/// </summary>
internal static class ProtobufObjects
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    private static readonly MessageShape Meta = new(
        (1, "name", Text, null), (2, "generateName", Text, null), (3, "namespace", Text, null), (5, "uid", Text, null), (6, "resourceVersion", Text, null),
        (8, "creationTimestamp", Time, null), (11, "labels", TextMap, null), (12, "annotations", TextMap, null), (14, "finalizers", Texts, null),
        (13, "ownerReferences", Messages, new MessageShape((1, "kind", Text, null), (3, "name", Text, null), (4, "uid", Text, null),
            (5, "apiVersion", Text, null), (6, "controller", Bool, null), (7, "blockOwnerDeletion", Bool, null))));

    private static readonly MessageShape Reference = new(
        (1, "kind", Text, null), (2, "namespace", Text, null), (3, "name", Text, null), (4, "uid", Text, null), (5, "apiVersion", Text, null),
        (6, "resourceVersion", Text, null), (7, "fieldPath", Text, null));

    private static readonly MessageShape Pod = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape((2, "containers", Messages, new MessageShape(
        (1, "name", Text, null), (2, "image", Text, null), (3, "command", Texts, null), (4, "args", Texts, null), (5, "workingDir", Text, null),
        (6, "ports", Messages, new MessageShape((1, "name", Text, null), (2, "hostPort", Int, null), (3, "containerPort", Int, null), (4, "protocol", Text, null))),
        (14, "imagePullPolicy", Text, null))))));

    private static readonly Dictionary<string, MessageShape> Kinds = new(StringComparer.Ordinal)
    {
        ["Namespace"] = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape((1, "finalizers", Texts, null)))),
        ["ConfigMap"] = new((1, "metadata", Message, Meta), (2, "data", TextMap, null), (3, "binaryData", Base64Map, null), (4, "immutable", Bool, null)),
        ["Secret"] = new((1, "metadata", Message, Meta), (2, "data", Base64Map, null), (3, "type", Text, null), (4, "stringData", TextMap, null), (5, "immutable", Bool, null)),
        ["ServiceAccount"] = new((1, "metadata", Message, Meta), (2, "secrets", Messages, Reference), (3, "imagePullSecrets", Messages, new MessageShape((1, "name", Text, null)))),
        ["Event"] = new(
            (1, "metadata", Message, Meta), (2, "involvedObject", Message, Reference), (3, "reason", Text, null), (4, "message", Text, null),
            (5, "source", Message, new MessageShape((1, "component", Text, null), (2, "host", Text, null))), (6, "firstTimestamp", Time, null), (7, "lastTimestamp", Time, null),
            (8, "count", Int, null), (9, "type", Text, null), (10, "eventTime", MicroTime, null), (12, "action", Text, null),
            (14, "reportingComponent", Text, null), (15, "reportingInstance", Text, null)),
        ["Service"] = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape(
            (1, "ports", Messages, new MessageShape((1, "name", Text, null), (2, "protocol", Text, null), (3, "port", Int, null), (4, "targetPort", IntOrString, null), (5, "nodePort", Int, null))),
            (2, "selector", TextMap, null), (3, "clusterIP", Text, null), (4, "type", Text, null), (7, "sessionAffinity", Text, null), (10, "externalName", Text, null)))),
        ["Deployment"] = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape(
            (1, "replicas", Int, null), (2, "selector", Message, new MessageShape((1, "matchLabels", TextMap, null))), (3, "template", Message, Pod)))),
        ["DeleteOptions"] = new(
            (1, "gracePeriodSeconds", Int, null), (2, "preconditions", Message, new MessageShape((1, "uid", Text, null), (2, "resourceVersion", Text, null))),
            (3, "orphanDependents", Bool, null), (4, "propagationPolicy", Text, null), (5, "dryRun", Texts, null)),
        ["SelfSubjectAccessReview"] = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape(
            (1, "resourceAttributes", Message, new MessageShape((1, "namespace", Text, null), (2, "verb", Text, null), (3, "group", Text, null), (4, "version", Text, null),
                (5, "resource", Text, null), (6, "subresource", Text, null), (7, "name", Text, null))),
            (2, "nonResourceAttributes", Message, new MessageShape((1, "path", Text, null), (2, "verb", Text, null)))))),
        ["SelfSubjectRulesReview"] = new((1, "metadata", Message, Meta), (2, "spec", Message, new MessageShape((1, "namespace", Text, null)))),
        ["SelfSubjectReview"] = new((1, "metadata", Message, Meta)),
    };

    public static JsonObject Read(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith("k8s\0"u8))
        {
            throw ApiError.BadRequest("the body is not Kubernetes protobuf: it does not start with \"k8s\\0\"");
        }

        try
        {
            var (apiVersion, kind, raw) = Envelope(body[4..]);
            if (!Kinds.TryGetValue(kind, out var shape))
            {
                throw new ApiError(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType",
                    $"{ContentType} is not accepted for kind \"{kind}\"; send {Reply.JsonType} or application/yaml (protobuf is accepted for: {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))})");
            }

            var result = shape.Read(raw, kind);
            result.Insert(0, "kind", kind);
            result.Insert(1, "apiVersion", apiVersion);
            return result;
        }
        catch (FormatException e)
        {
            throw ApiError.BadRequest(e.Message);
        }
    }

    private static (string ApiVersion, string Kind, byte[] Raw) Envelope(ReadOnlySpan<byte> bytes)
    {
        var (apiVersion, kind, raw) = ("", "", Array.Empty<byte>());
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                var type = new WireReader(reader.Content);
                while (type.Next())
                {
                    var text = Encoding.UTF8.GetString(type.Content);
                    (apiVersion, kind) = type.Field == 1 ? (text, kind) : (apiVersion, text);
                }
            }
            else if (reader.Field == 2)
            {
                raw = reader.Content.ToArray();
            }
        }

        return (apiVersion, kind, raw);
    }
}
