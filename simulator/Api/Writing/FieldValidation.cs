using System.Text.Json.Nodes;
using CanaryFunctions.Simulator.Api.Http;
using CanaryFunctions.Simulator.Api.Schemas;
using CanaryFunctions.Simulator.Api.Trees;

namespace CanaryFunctions.Simulator.Api.Writing;

/// <summary>fieldValidation=Strict|Warn|Ignore. Built-in kinds have no schema here: of theirs, only repeated fields are seen.</summary>
internal static class FieldValidation
{
    /// <summary>Unknown and repeated fields, by the request's fieldValidation: an error, warnings or nothing.</summary>
    public static void Check(WriteRequest write, JsonObject item, IEnumerable<string> duplicates)
    {
        if (write.FieldValidation == "Ignore")
        {
            return;
        }

        var unknown = write.Type.Custom is { } custom ? UnknownFields.Find(custom.Schema, item, remove: false) : [];
        var problems = unknown.Select(u => $"unknown field \"{u}\"").Concat(duplicates.Select(d => $"duplicate field \"{d}\"")).ToList();
        if (problems.Count == 0)
        {
            return;
        }

        if (write.FieldValidation == "Warn")
        {
            write.Warnings.AddRange(problems);
            return;
        }

        var text = $"strict decoding error: {string.Join(", ", problems)}";
        throw write.IsPatch
            ? ApiError.Invalid(write.Type, write.Name, [FieldError.Invalid("patch", "", text)])
            : ApiError.BadRequest($"{write.Type.Kind} in version \"{write.Type.Version}\" cannot be handled as a {write.Type.Kind}: {text}");
    }
}
