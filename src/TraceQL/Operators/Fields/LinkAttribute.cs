namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>link.x</c>: of all links of the span.</summary>
internal sealed class LinkAttribute(string name) : AttributeField(name)
{
    SeveralValues _values;

    public override Cell Of(int row)
    {
        _values.Clear();
        var links = Batch.Links[row];
        for (var at = links.Start; at < links.End; at++)
            _values.Add(Find(Batch.Links.Attributes, at));
        return _values.ToCell();
    }
}
