using System.Text.Json.Nodes;
using CanaryFunctions.Core.Admission;
using CanaryFunctions.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>The patch of the mutating call, on good Canaries with all manner of fields given, left out, or unknown to us.</summary>
public sealed class DefaultingPropertyTests
{
    // Spellings that a number loses when it is read and written anew.
    private static readonly string[] Deadlines = ["", "600", "600.0", "6e2", "60", "1.0"];
    private static readonly string[] PortNames = ["", "null", "\"http\"", "\"web\""];
    private static readonly string[] Foreign = ["", "{\"deep\":[1,2.50,{\"x\":null}]}", "\"text\"", "1e3", "[]"];

    private static readonly Gen<JsonObject> Canaries =
        from deadline in Gen.Elements(Deadlines)
        from portName in Gen.Elements(PortNames)
        from inSpec in Gen.Elements(Foreign)
        from inService in Gen.Elements(Foreign)
        from inMetric in Gen.Elements(Foreign)
        from weight in Gen.Elements("5", "5.0", "0.5e1")
        select Build(deadline, portName, inSpec, inService, inMetric, weight);

    [Fact]
    public void Patch_AppliedOnce_LeavesNothingToPatch()
        => Prop.ForAll(Canaries.ToArbitrary(), canary =>
        {
            var once = Patched(canary);
            return Decide(once).Patch is null && Patched(once).ToJsonString() == once.ToJsonString();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Patch_EndsWhereTheDefaultsEnd()
        => Prop.ForAll(Canaries.ToArbitrary(), canary =>
        {
            var defaulted = canary.Copy();
            CanaryDefaults.Apply(defaulted);
            return JsonNode.DeepEquals(Patched(canary), defaulted);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Patch_TouchesNothingThatWasWritten()
        => Prop.ForAll(Canaries.ToArbitrary(), canary =>
        {
            var patch = Decide(canary).Patch ?? [];

            // An explicit null counts as absent, and is the one thing that may be replaced.
            return patch.All(o => o.Text("op") == "add" || (o.Text("op") == "replace" && o.Text("path") == "/spec/service/portName"))
                && patch.All(o => o.Text("path") is "/spec/progressDeadlineSeconds" or "/spec/service/portName" or "/spec/analysis/sessionAffinity/maxAge")
                && IsWithin(canary, Patched(canary));
        }).QuickCheckThrowOnFailure();

    private static AdmissionDecision Decide(JsonObject canary)
    {
        var decision = Validators.Policy(new()).Mutate(new("r", AdmissionOperation.Create, "flagger.app", "Canary") { Namespace = "test", Name = "podinfo", Object = canary });
        decision.IsAllowed.ShouldBeTrue(decision.Message);
        return decision;
    }

    private static JsonObject Patched(JsonObject canary) => (JsonObject)JsonPatchApplier.Apply(canary.Copy(), Decide(canary).Patch ?? [])!;

    // Every value that was there is there, letter by letter.
    private static bool IsWithin(JsonNode? part, JsonNode? whole) => (part, whole) switch
    {
        (null, _) => true,
        (JsonObject a, JsonObject b) => a.All(p => p.Value is null || (b.ContainsKey(p.Key) && IsWithin(p.Value, b[p.Key]))),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(p => IsWithin(p.First, p.Second)),
        _ => part.ToJsonString() == whole?.ToJsonString(),
    };

    private static JsonObject Build(string deadline, string portName, string inSpec, string inService, string inMetric, string weight)
    {
        var canary = Manifests.Canary().With("spec.analysis.stepWeight", weight).With("spec.progressDeadlineSeconds", null);
        Give(canary, "spec.progressDeadlineSeconds", deadline);
        Give(canary, "spec.service.portName", portName);
        Give(canary, "spec.newField", inSpec);
        Give(canary, "spec.service.newField", inService);
        Give(canary, "spec.analysis.metrics[0].newField", inMetric);
        return canary;
    }

    private static void Give(JsonObject canary, string path, string json)
    {
        if (json.Length > 0)
        {
            canary.With(path, json);
        }
    }
}
