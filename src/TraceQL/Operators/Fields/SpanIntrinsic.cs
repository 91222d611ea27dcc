using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>What a span says of itself without an attribute.</summary>
internal sealed class SpanIntrinsic(Intrinsic intrinsic) : SpanField
{
    SpanBatch _batch = new();
    SeveralValues _values;

    public override void Open(SpanBatch batch) => _batch = batch;

    public override Cell Of(int row)
    {
        var spans = _batch.Spans;
        switch (intrinsic)
        {
            case Intrinsic.Duration: return Cell.OfDuration(spans.DurationNanos(row));
            case Intrinsic.Name: return Cell.OfText(_batch.Strings, spans.Names[row]);
            case Intrinsic.Status: return Cell.OfStatus(spans.Statuses[row]);
            case Intrinsic.StatusMessage: return Cell.OfText(_batch.Strings, spans.StatusMessages[row]);
            case Intrinsic.Kind: return Cell.OfKind(spans.Kinds[row]);
            case Intrinsic.SpanId: return Cell.OfHex(spans.SpanIds[row]);
            case Intrinsic.ParentId: return spans.ParentSpanIds[row] is { IsAbsent: false } parent ? Cell.OfHex(parent) : Cell.OfText([]);
            case Intrinsic.TraceId: return Cell.OfHex(spans.TraceIds[row]);
            case Intrinsic.InstrumentationName: return Cell.OfText(_batch.Strings, _batch.Scopes.Names[spans.Scopes[row]]);
            case Intrinsic.InstrumentationVersion: return Cell.OfText(_batch.Strings, _batch.Scopes.Versions[spans.Scopes[row]]);
            default: return OfSeveral(row);
        }
    }

    Cell OfSeveral(int row)
    {
        _values.Clear();
        if (intrinsic is Intrinsic.EventName or Intrinsic.EventTimeSinceStart)
        {
            var events = _batch.Events[row];
            for (var at = events.Start; at < events.End; at++)
                _values.Add(OfEvent(row, at));
        }
        else
        {
            var links = _batch.Links[row];
            for (var at = links.Start; at < links.End; at++)
                _values.Add(intrinsic == Intrinsic.LinkTraceId ? Cell.OfHex(_batch.Links.TraceIds[at]) : Cell.OfHex(_batch.Links.SpanIds[at]));
        }

        return _values.ToCell();
    }

    Cell OfEvent(int row, int at) => intrinsic == Intrinsic.EventName
        ? Cell.OfText(_batch.Strings, _batch.Events.Names[at])
        : Cell.OfDuration(unchecked((long)(_batch.Events.Times[at].Value - _batch.Spans.Starts[row].Value)));
}
