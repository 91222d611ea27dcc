namespace Clew.Storage.Tests;

/// <summary>Waits for what other threads will do, and fails when they do not.</summary>
internal static class Deadline
{
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), $"Not within two minutes: {what}.");
            await Task.Delay(5);
        }
    }
}
