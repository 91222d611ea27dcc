using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>.x</c>: of the span, else of its resource.</summary>
internal sealed class SpanOrResourceAttribute(string name) : SpanField
{
    readonly SpanAttribute _span = new(name);
    readonly ResourceAttribute _resource = new(name);

    public override void Open(SpanBatch batch)
    {
        _span.Open(batch);
        _resource.Open(batch);
    }

    public override Cell Of(int row) => _span.Of(row) is { IsNil: false } found ? found : _resource.Of(row);
}
