using Clew.Collector.Metrics;
using Clew.Model;

namespace Clew.Collector;

/// <summary>Lets others see the spans that come in. While nobody does, a request pays for it with one look at a field.</summary>
/// <param name="dropped">Counts listeners that threw.</param>
public sealed class IngestTap(Counter dropped)
{
    readonly Lock _changing = new();
    volatile Func<SpanBatch, Action?>[] _listeners = [];

    /// <summary>Shows every batch, from here on, before it is handed to the store.</summary>
    /// <param name="listener">
    /// Called on the threads of requests, several at once. One that throws is not called again: whoever sends spans is not to suffer from who looks on. It may look at the batch while it is called; what it returns, if anything, is called when the batch is
    /// acknowledged, and must not know the batch any more.
    /// </param>
    /// <returns>Disposing it ends the listening.</returns>
    public IDisposable Listen(Func<SpanBatch, Action?> listener)
    {
        lock (_changing)
            _listeners = [.. _listeners, listener];
        return new Seat(this, listener);
    }

    /// <summary>Lets all of them see a batch that is about to be handed to the store.</summary>
    /// <returns>What is to be called when it is acknowledged.</returns>
    public Action? Show(SpanBatch batch) => _listeners is { Length: > 0 } listeners ? Show(listeners, batch) : null;

    Action? Show(Func<SpanBatch, Action?>[] listeners, SpanBatch batch)
    {
        Action? all = null;
        foreach (var listener in listeners)
        {
            try
            {
                all += listener(batch);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                if (Remove(listener))
                    dropped.Increment();
            }
        }

        return all;
    }

    /// <returns>False when it had left already.</returns>
    bool Remove(Func<SpanBatch, Action?> listener)
    {
        lock (_changing)
        {
            var count = _listeners.Length;
            _listeners = [.. _listeners.Where(other => other != listener)];
            return _listeners.Length < count;
        }
    }

    sealed class Seat(IngestTap tap, Func<SpanBatch, Action?> listener) : IDisposable
    {
        public void Dispose() => tap.Remove(listener);
    }
}
