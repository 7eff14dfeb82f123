namespace CanaryFunctions.Platform.Http;

/// <summary>There is no way from here to who was to be called, which says nothing about him. The message never holds a secret.</summary>
/// <param name="isTransient">Trying again can help.</param>
public sealed class NoWayException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    public bool IsTransient { get; } = isTransient;
}
