namespace CanaryFunctions.Platform.Hosting;

/// <summary>
/// Marks the method that a trigger calls. Documentation for people and for the generation of <c>function.json</c>; hosts find functions in the
/// <see cref="FunctionRegistry"/>, without reflection.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>Name of the function, and of its folder under the Functions host.</summary>
    public string Name { get; } = name;
}
