namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>event.x</c>: of all events of the span.</summary>
internal sealed class EventAttribute(string name) : AttributeField(name)
{
    SeveralValues _values;

    public override Cell Of(int row)
    {
        _values.Clear();
        var events = Batch.Events[row];
        for (var at = events.Start; at < events.End; at++)
            _values.Add(Find(Batch.Events.Attributes, at));
        return _values.ToCell();
    }
}
