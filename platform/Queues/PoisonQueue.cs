namespace CanaryFunctions.Platform.Queues;

/// <summary>Where messages go that fail every time: the name that the Functions host gives to a Storage queue's.</summary>
public static class PoisonQueue
{
    public static string For(string queue) => $"{queue}-poison";
}
