using Clew.Model;

namespace Clew.Collector;

/// <summary>Lets others see the spans that come in. While nobody does, a request pays for it with one look at a field.</summary>
public sealed class IngestTap
{
    readonly Lock _changing = new();
    volatile Func<SpanBatch, Action?>[] _listeners = [];

    /// <summary>Shows every batch, from here on, before it is handed to the store.</summary>
    /// <param name="listener">
    /// Called on the threads of requests, several at once, and must not throw. It may look at the batch while it is called; what it returns, if anything, is called when the batch is
    /// acknowledged, and must not know the batch any more.
    /// </param>
    /// <returns>Disposing it ends the listening.</returns>
    public IDisposable Listen(Func<SpanBatch, Action?> listener)
    {
        lock (_changing)
            _listeners = [.. _listeners, listener];
        return new Seat(this, listener);
    }

    internal Action? Show(SpanBatch batch) => _listeners is { Length: > 0 } listeners ? Show(listeners, batch) : null;

    static Action? Show(Func<SpanBatch, Action?>[] listeners, SpanBatch batch)
    {
        Action? all = null;
        foreach (var listener in listeners)
            all += listener(batch);
        return all;
    }

    sealed class Seat(IngestTap tap, Func<SpanBatch, Action?> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (tap._changing)
                tap._listeners = [.. tap._listeners.Where(other => other != listener)];
        }
    }
}
