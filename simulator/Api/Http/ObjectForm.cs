namespace CanaryFunctions.Simulator.Api.Http;

/// <summary>The forms in which an object is answered: whole, as a row of a table, or its metadata alone.</summary>
internal enum ObjectForm
{
    Full,
    Table,

    /// <summary>A table of meta.k8s.io/v1beta1, as older clients ask for.</summary>
    BetaTable,
    Metadata,
}
