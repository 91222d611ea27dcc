namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>span.x</c></summary>
internal sealed class SpanAttribute(string name) : AttributeField(name)
{
    public override Cell Of(int row) => Find(Batch.Spans.Attributes, row);
}
