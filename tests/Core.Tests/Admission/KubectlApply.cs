using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>An object on its way through both calls of the webhook, with the providers of the product, and the answer as kubectl prints it.</summary>
internal static class KubectlApply
{
    /// <param name="written">In the version that its author chose.</param>
    /// <param name="old">Stored; null when the object is created.</param>
    public static string Answer(JsonObject written, JsonObject? old, TargetIndex index, CanaryOptions options)
    {
        using var services = Services(index, options);
        var policy = services.GetRequiredService<AdmissionPolicy>();
        var request = Request(written, old);
        var decision = policy.Mutate(request);
        if (decision.IsAllowed)
        {
            var stored = (JsonObject)JsonPatchApplier.Apply(request.Object!.Copy(), decision.Patch ?? [])!;
            decision = policy.Validate(request with { Object = stored });
        }

        return Text(request, decision);
    }

    private static AdmissionRequest Request(JsonObject written, JsonObject? old)
    {
        var obj = ObjectConversion.Convert(written, ApiVersions.V1Beta1);
        return new("review", old is null ? AdmissionOperation.Create : AdmissionOperation.Update, Kinds.FlaggerGroup, obj.Text("kind")!)
        {
            Namespace = obj.Namespace(),
            Name = obj.Name(),
            Object = obj,
            OldObject = old,
            WrittenVersion = written.Text("apiVersion")!.Split('/')[1],
        };
    }

    // A scenario holds the real kubectl against it.
    private static string Text(AdmissionRequest request, AdmissionDecision decision) => decision switch
    {
        { IsAllowed: true } => $"{string.Concat(decision.Warnings.Select(w => $"Warning: {w}\n"))}"
            + $"{request.Kind.ToLowerInvariant()}.{request.Group}/{request.Name} {(request.OldObject is null ? "created" : "configured")}\n",
        { Problems: [var one] } => $"The {request.Kind} \"{request.Name}\" is invalid: {Line(one)}\n",
        _ => $"The {request.Kind} \"{request.Name}\" is invalid:\n{string.Concat(decision.Problems.Select(p => $"* {Line(p)}\n"))}",
    };

    private static string Line(SpecProblem problem) => $"{problem.Path}: {problem.Message}";

    private static ServiceProvider Services(TargetIndex index, CanaryOptions options) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(options)
        .AddSingleton(index)
        .AddSingleton<IHttpCaller, NoHttp>()
        .AddProviders()
        .AddAdmission()
        .BuildServiceProvider();
}
