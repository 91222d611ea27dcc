using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary><c>compare({ … })</c>: counts every value of every attribute, of the spans that are selected and of the others. For one thread.</summary>
internal sealed class CompareSink : ISpanSink
{
    /// <summary>Values of an attribute that are told apart; with more, the answer says so instead of naming any.</summary>
    internal const int ValuesMax = 2_000;

    // Beside its name, values and samples.
    const int AttributeBytes = 600;

    static readonly Intrinsic[] Fields = [Intrinsic.Name, Intrinsic.Kind, Intrinsic.Status, Intrinsic.StatusMessage, Intrinsic.InstrumentationName, Intrinsic.InstrumentationVersion];

    readonly MetricsExpression.Compare _compare;
    readonly MetricsPlan _plan;
    readonly SpanField _selection;
    readonly (string Name, SpanField Field)[] _fields;

    // Of the string table at hand: what a key is called as an attribute of a span, or of a resource.
    readonly Dictionary<(bool OfResource, int Key), CompareCounts> _known = [];
    readonly Dictionary<string, CompareCounts> _counts = [];
    SpanBatch _batch = new();

    public CompareSink(MetricsExpression.Compare compare, MetricsPlan plan)
    {
        (_compare, _plan) = (compare, plan);
        _selection = FieldBinder.Bind(compare.Selection.Expression);
        _selection.WorkFor(plan.Work.Meter);
        _fields = [.. Fields.Select(field => new FieldExpression.Field(field)).Select(field => (field.ToString(), FieldBinder.Bind(field)))];
    }

    /// <summary>What it looks at.</summary>
    public static Needs NeedsOf(MetricsExpression.Compare compare)
    {
        var needs = Needs.Of(compare.Selection.Expression).And(SpanFields.Names | SpanFields.Kinds | SpanFields.Statuses | SpanFields.StatusMessages);
        return needs with { Projection = needs.Projection with { HasAllAttributes = true } };
    }

    /// <summary>What an attribute takes beside its values.</summary>
    public static long BytesOf(string name, MetricsPlan plan) => AttributeBytes + (2L * name.Length) + (16L * plan.Grid.Count);

    public IReadOnlyDictionary<string, CompareCounts> Counts => _counts;

    public void Open(SpanBatch batch)
    {
        if (_batch.Strings != batch.Strings)
            _known.Clear();
        _batch = batch;
        _selection.Open(batch);
        foreach (var (_, field) in _fields)
            field.Open(batch);
    }

    public void Enter(TraceView trace) => _selection.Enter(trace);

    public void Count(int row)
    {
        if (_plan.Work.IsFull)
            return;
        var start = _batch.Spans.Starts[row];
        var isInTime = _compare.EndNanos == 0 || (start.Value > (ulong)_compare.StartNanos && start.Value <= (ulong)_compare.EndNanos);
        var isSelected = isInTime && _selection.Holds(row);
        // A pattern that had to stop says no.
        if (_plan.Work.Meter.Spent is not null)
            return;
        var place = new ComparePlace(isSelected, _plan.Grid.BucketOf(start));
        foreach (var (name, field) in _fields)
        {
            if (field.Of(row) is { IsNil: false } cell && !(cell.Type == ValueType.Text && cell.Utf8.IsEmpty))
                CountsOf(name).Add(place, cell.ToValue());
        }

        CountAll(place, ofResource: false, _batch.Spans.Attributes, row);
        CountAll(place, ofResource: true, _batch.Resources.Attributes, _batch.ResourceOf(row));
    }

    void CountAll(ComparePlace place, bool ofResource, AttributeColumns columns, int owner)
    {
        var rows = columns[owner];
        for (var at = rows.Start; at < rows.End; at++)
        {
            var key = (ofResource, columns.Keys[at]);
            if (!_known.TryGetValue(key, out var counts))
            {
                var attribute = new FieldExpression.Attribute(ofResource ? AttributeScope.Resource : AttributeScope.Span, _batch.Strings.GetString(columns.Keys[at]));
                _known.Add(key, counts = CountsOf(attribute.ToString()));
            }

            if (Cell.Of(_batch, columns.Values[at]) is { IsNil: false } cell)
                counts.Add(place, cell.ToValue());
        }
    }

    CompareCounts CountsOf(string name)
    {
        if (_counts.TryGetValue(name, out var counts))
            return counts;
        _plan.Work.TryTake(BytesOf(name, _plan));
        _counts.Add(name, counts = new CompareCounts(_plan));
        return counts;
    }
}
