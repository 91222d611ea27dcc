namespace Clew.TraceQL.Operators;

/// <summary>Some spans of one trace, and what a query says of them together.</summary>
internal sealed class Spanset
{
    /// <summary>Rows of the trace's batch, ascending.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>Such as <c>by(.x)</c> or <c>count()</c>, with its value.</summary>
    public List<(string Name, Value Value)> Attributes { get; } = [];

    public void CopyFrom(Spanset other)
    {
        Rows.AddRange(other.Rows);
        Attributes.AddRange(other.Attributes);
    }
}
