namespace CanaryFunctions.Core;

/// <summary>Something found by an exact name in a <see cref="Catalog{T}"/>.</summary>
public interface INamed
{
    string Name { get; }
}
