using Clew.Model;

namespace Clew.TraceQL;

/// <summary>What a query has used up of its budget beside reading. All its threads count here.</summary>
/// <param name="finishing">Its time is that for working with what was read, from the query's beginning too; null for as long as it takes.</param>
internal sealed class QueryWork(ReadMeter meter, ReadMeter? finishing = null)
{
    volatile bool _isFull;

    public ReadMeter Meter => meter;

    /// <summary>Whether the query has to do with what it has. Looks at the clock.</summary>
    public bool IsSpent => _isFull || meter.IsSpent;

    /// <summary>Whether its memory is used up: nothing more is to be kept. Costs nothing to ask.</summary>
    public bool IsFull => _isFull;

    /// <summary>Whether even working with what was read has to end. Looks at the clock.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the answer any more.</exception>
    public bool MustEnd(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (finishing is not { IsSpent: true })
            return false;
        meter.Spend(ReadLimit.Time);
        return true;
    }

    /// <summary>Counts memory that is kept for the answer, or on the way to it. It may be had even when this says no, but nothing after it.</summary>
    public bool TryTake(long bytes)
    {
        if (meter.TakeMemory(bytes))
            return !_isFull;
        _isFull = true;
        return false;
    }

    /// <summary>Memory is no longer needed.</summary>
    public void Return(long bytes) => meter.Room.Give(bytes);

    /// <summary>What a value takes that is kept on its own, about.</summary>
    public static long BytesOf(Value value) => value.Type switch
    {
        ValueType.Text => 60 + (2L * value.Text.Length),
        ValueType.Array => 60 + value.Elements.Sum(BytesOf),
        _ => 24,
    };
}
