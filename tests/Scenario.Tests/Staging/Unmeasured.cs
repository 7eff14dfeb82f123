namespace CanaryFunctions.Scenario.Tests.Staging;

/// <summary>Scenarios that look at no metrics and at no times: a busy machine makes them slower and nothing else.</summary>
[CollectionDefinition(nameof(Unmeasured))]
public sealed class Unmeasured;
