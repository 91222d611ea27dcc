namespace Clew.TraceQL.Operators;

/// <summary>Some spans of one trace, and what a query says of them together.</summary>
internal sealed class Spanset
{
    long _countedBytes;

    /// <summary>Rows of the trace's batch, ascending.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>Such as <c>by(.x)</c> or <c>count()</c>, with its value.</summary>
    public List<(string Name, Value Value)> Attributes { get; } = [];

    public void CopyFrom(Spanset other)
    {
        Rows.AddRange(other.Rows);
        Attributes.AddRange(other.Attributes);
    }

    /// <summary>What is said anew takes the place of what was said before.</summary>
    public void Say(string name, Value value)
    {
        Attributes.RemoveAll(known => known.Name == name);
        Attributes.Add((name, value));
    }

    /// <summary>Bytes by which the lists have grown since this was last asked.</summary>
    public long TakeGrownBytes()
    {
        var bytes = (Rows.Capacity * 4L) + (Attributes.Capacity * 40L);
        var grown = bytes - _countedBytes;
        _countedBytes = bytes;
        return grown;
    }
}
