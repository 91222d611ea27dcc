using System.Diagnostics;

namespace Clew.Cli.Demo;

/// <summary>What the workloads share: work that takes time, chance, messages between processes, and failures on record.</summary>
internal static class Simulation
{
    /// <summary>Work that takes about this long: mostly a little more or less, now and then up to three times.</summary>
    public static Task WorkAsync(double millis, CancellationToken cancellation)
    {
        var spread = Random.Shared.NextDouble();
        var factor = 0.75 + (spread * 0.5) + (spread > 0.97 ? Random.Shared.NextDouble() * 2 : 0);
        return Task.Delay(TimeSpan.FromMilliseconds(millis * factor), cancellation);
    }

    public static bool Chance(double probability) => Random.Shared.NextDouble() < probability;

    public static T Pick<T>(IReadOnlyList<T> choices) => choices[Random.Shared.Next(choices.Count)];

    /// <summary>An id such as <c>req-9f86d081</c>.</summary>
    public static string NewId(string prefix) => $"{prefix}-{Random.Shared.NextInt64(1L << 32):x8}";

    /// <summary>Hands a message to another process and waits for its answer. No span of the sender is current over there: only the headers tell.</summary>
    public static Task<T> SendAsync<T>(Activity sender, Func<MessageHeaders, Task<T>> receive)
    {
        var headers = MessageHeaders.From(sender);
        using (ExecutionContext.SuppressFlow())
            return Task.Run(() => receive(headers));
    }

    /// <inheritdoc cref="SendAsync{T}"/>
    public static Task SendAsync(Activity sender, Func<MessageHeaders, Task> receive) => SendAsync(sender, async headers =>
    {
        await receive(headers);
        return true;
    });

    /// <summary>Records that the work of this span failed, with exception type, message and stack.</summary>
    public static void Fail(this Activity span, Exception failure)
    {
        span.AddException(failure);
        span.SetTag("error.type", failure.GetType().FullName);
        span.SetStatus(ActivityStatusCode.Error, failure.Message);
    }

    public static void AddEvent(this Activity span, string name, params ReadOnlySpan<(string Key, object Value)> attributes)
    {
        var tags = new ActivityTagsCollection();
        foreach (var (key, value) in attributes)
            tags[key] = value;
        span.AddEvent(new ActivityEvent(name, default, tags));
    }

    public static void SetTags(this Activity span, params ReadOnlySpan<(string Key, object Value)> attributes)
    {
        foreach (var (key, value) in attributes)
            span.SetTag(key, value);
    }
}
