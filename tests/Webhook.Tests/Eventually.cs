namespace CanaryFunctions.Webhook.Tests;

/// <summary>For what other threads do in their own time.</summary>
internal static class Eventually
{
    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse("ten seconds were not enough");
            await Task.Yield();
        }
    }

    public static Task IsTrueAsync(Func<bool> condition) => IsTrueAsync(() => Task.FromResult(condition()));
}
