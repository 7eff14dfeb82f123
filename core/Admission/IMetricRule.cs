namespace CanaryFunctions.Core.Admission;

/// <summary>What one metric provider adds to the validator.</summary>
public interface IMetricRule
{
    /// <summary>Exact name of the metric provider, as in a MetricTemplate's <c>spec.provider.type</c>.</summary>
    string Provider { get; }

    /// <summary>Whether a MetricTemplate has to give the server's address.</summary>
    bool NeedsAddress { get; }

    /// <summary>
    /// Null for a query that can be parsed, else where and why it cannot, as in <c>line 1, character 8: unexpected end</c>. Used for warnings only: a server
    /// may understand more than we do. Never throws.
    /// </summary>
    string? CheckQuery(string query);
}
