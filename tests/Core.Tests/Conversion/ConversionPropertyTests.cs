using System.Text.Json.Nodes;
using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Core.Objects;
using FsCheck;
using FsCheck.Fluent;

namespace CanaryFunctions.Core.Tests.Conversion;

public sealed class ConversionPropertyTests
{
    private static readonly Gen<JsonNode?> Bounds = Gen.Elements("0", "99", "99.5", "500", "-1", "1e3", "99.0").Select(t => JsonNode.Parse(t));

    // Numbers, and what should be one and is not.
    private static readonly Gen<JsonNode?> Thresholds = Gen.Frequency((5, Bounds), (1, Gen.Elements("\"99\"", "true", "[]").Select(t => JsonNode.Parse(t))));

    private static readonly Gen<JsonNode?> Ranges = from min in Maybe("min", Thresholds)
                                                    from max in Maybe("max", Thresholds)
                                                    select (JsonNode?)ObjectOf(min, max);

    private static readonly Gen<JsonNode?> Metrics = from name in Gen.Elements("request-success-rate", "request-duration", "mine")
                                                     from threshold in Maybe("threshold", Thresholds)
                                                     from range in Maybe("thresholdRange", Gen.Frequency((5, Ranges), (1, Thresholds)))
                                                     from query in Maybe("query", Gen.Constant("vector(1)").Select(t => (JsonNode?)t))
                                                     from template in Maybe("templateRef", Gen.Constant("{}").Select(t => JsonNode.Parse(t)))
                                                     from interval in Maybe("interval", Gen.Constant("1m").Select(t => (JsonNode?)t))
                                                     select (JsonNode?)ObjectOf(new("name", name), threshold, interval, range, query, template);

    private static readonly Gen<JsonNode?> Lists = from metrics in Gen.Frequency((8, Metrics), (1, Thresholds)).ListOf()
                                                   select (JsonNode?)new JsonArray([.. metrics.Select(m => m?.DeepClone())]);

    private static readonly Gen<JsonNode?> Analyses = from metrics in Maybe("metrics", Gen.Frequency((8, Lists), (1, Thresholds)))
                                                      from weight in Maybe("stepWeight", Bounds)
                                                      from foreign in Maybe("newField", Bounds)
                                                      select (JsonNode?)ObjectOf(weight, metrics, foreign);

    private static readonly Gen<JsonNode?> Blocks = Gen.Frequency((10, Analyses), (1, Thresholds));

    private static readonly Gen<JsonNode?> Statuses = Gen.Elements("""{"phase":"Progressing","canaryWeight":10,"thresholdRange":{"max":1}}""", "{}").Select(t => JsonNode.Parse(t));

    private static readonly Gen<JsonNode?> Annotations = Gen.Elements("""{"team":"web"}""", """{"flagger.app/v1alpha3":"mine","analysis":"x"}""").Select(t => JsonNode.Parse(t));

    [Fact]
    public void V1Alpha3_ThereAndBack_IsUnchanged() => RoundTrip(ApiVersions.V1Alpha3, ApiVersions.V1Beta1, _ => true);

    // With canaryAnalysis alone it is v1beta1 by name only: conversion mends it.
    [Fact]
    public void V1Beta1_ThereAndBack_IsUnchanged() => RoundTrip(ApiVersions.V1Beta1, ApiVersions.V1Alpha3, spec => spec.ContainsKey("analysis") || !spec.ContainsKey("canaryAnalysis"));

    [Fact]
    public void Twice_ThereAndBack_SaysTheSameInBetween() => Prop.ForAll(Canaries(ApiVersions.V1Alpha3).ToArbitrary(), alpha =>
    {
        var beta = CanaryConversion.ToV1Beta1(alpha);
        ShouldBeSame(CanaryConversion.ToV1Beta1(CanaryConversion.ToV1Alpha3(beta)), beta);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void V1Beta1_HasOneSpelling_OfWhatV1Alpha3WroteAsThreshold() => Prop.ForAll(Canaries(ApiVersions.V1Alpha3).ToArbitrary(), alpha =>
    {
        foreach (var metric in CanaryConversion.ToV1Beta1(alpha).ListAt("spec", "analysis", "metrics").OfType<JsonObject>().Where(m => m.Number("threshold") is not null))
        {
            var isAmbiguous = (string?)metric["name"] == "request-success-rate" && (metric.ContainsKey("query") || metric.ContainsKey("templateRef"));
            (isAmbiguous || metric.ContainsKey("thresholdRange")).ShouldBeTrue(metric.ToJsonString());
        }
    }).QuickCheckThrowOnFailure();

    private static void RoundTrip(string from, string to, Func<JsonObject, bool> isMeant)
        => Prop.ForAll(Canaries(from).Where(c => c["spec"] is not JsonObject spec || isMeant(spec)).ToArbitrary(), canary =>
        {
            var before = canary.ToJsonString();
            var there = ObjectConversion.Convert(canary, to);

            ((string?)there["apiVersion"]).ShouldBe(to);
            canary.ToJsonString().ShouldBe(before, "the argument is not changed");
            ShouldBeSame(ObjectConversion.Convert(there, from), canary);
            JsonNode.DeepEquals(there["status"], canary["status"]).ShouldBeTrue();
        }).QuickCheckThrowOnFailure();

    // Text, not JsonNode.DeepEquals: the order of keys and the way numbers are written are kept as well.
    private static void ShouldBeSame(JsonObject actual, JsonObject expected) => actual.ToJsonString().ShouldBe(expected.ToJsonString());

    private static Gen<JsonObject> Canaries(string apiVersion)
        => from annotations in Maybe("annotations", Annotations)
           from before in Maybe("provider", Gen.Constant("smi:istio").Select(t => (JsonNode?)t))
           from canaryAnalysis in Maybe("canaryAnalysis", Blocks)
           from analysis in Maybe("analysis", Blocks)
           from after in Maybe("skipAnalysis", Gen.Elements(true, false).Select(f => (JsonNode?)f))
           from status in Maybe("status", Statuses)
           from spec in Gen.Frequency((20, Gen.Constant((JsonNode?)ObjectOf(before, canaryAnalysis, analysis, after))), (1, Thresholds))
           select ObjectOf(new("apiVersion", apiVersion), new("kind", "Canary"), new("metadata", ObjectOf(new("name", "c"), annotations)), new("spec", spec), status);

    private static Gen<KeyValuePair<string, JsonNode?>> Maybe(string key, Gen<JsonNode?> values)
        => Gen.Frequency((1, Gen.Constant(new KeyValuePair<string, JsonNode?>("", null))), (2, values.Select(v => new KeyValuePair<string, JsonNode?>(key, v))));

    private static JsonObject ObjectOf(params KeyValuePair<string, JsonNode?>[] fields)
        => new(fields.Where(f => f.Key?.Length > 0).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
}
