using Clew.Otlp;

namespace Clew.Collector;

/// <summary>What one request holds of an <see cref="IngestBudget"/>; disposing gives it back. One owner at a time.</summary>
public sealed class IngestRoom : IMemoryRoom, IDisposable
{
    readonly IngestBudget _budget;
    bool _isLeft;

    internal IngestRoom(IngestBudget budget) => _budget = budget;

    public long Bytes { get; private set; }

    /// <summary>Whether the room that was refused last would make this request larger than all may be together: coming back later cannot help.</summary>
    public bool IsBeyondBudget { get; private set; }

    /// <summary>Takes more room; on false nothing was taken, and the sender should come back later.</summary>
    public bool TryTake(long bytes)
    {
        if (!_budget.TryTake(bytes))
        {
            IsBeyondBudget = bytes > _budget.BytesMax - Bytes;
            return false;
        }

        Bytes += bytes;
        return true;
    }

    /// <summary>Gives back part of it early.</summary>
    public void Give(long bytes)
    {
        _budget.Give(bytes);
        Bytes -= bytes;
    }

    public void Dispose()
    {
        if (_isLeft)
            return;
        _isLeft = true;
        _budget.Leave(Bytes);
    }
}
