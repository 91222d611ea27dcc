using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Tags;

/// <summary>Gathers the distinct values of fields. For one thread.</summary>
/// <param name="countMax">With so many the reading ends.</param>
internal sealed class TagValueSink(IReadOnlyList<SpanField> fields, int countMax, MetricsPlan plan) : ISpanSink
{
    // A value in a set takes this much beside its text.
    const int ValueBytes = 100;

    readonly FieldCodes[] _codes = [.. fields.Select(field => new FieldCodes(field, plan.Work))];

    // Of each field, how many of its values have been taken.
    readonly int[] _taken = new int[fields.Count];

    public HashSet<Value> Values { get; } = [];

    public void Open(SpanBatch batch)
    {
        foreach (var codes in _codes)
            codes.Open(batch);
    }

    public void Enter(TraceView trace)
    {
        foreach (var codes in _codes)
            codes.Enter(trace);
    }

    public void Count(int row)
    {
        for (var at = 0; at < _codes.Length; at++)
        {
            // Codes count up: one that is not lower than those before it is a new value.
            if (_codes[at].Of(row) is var code && code < _taken[at])
                continue;
            _taken[at] = code + 1;
            Take(_codes[at][code]);
        }
    }

    void Take(Value value)
    {
        if (value.Type == ValueType.Array)
        {
            foreach (var element in value.Elements)
                Take(element);
        }
        else if (!value.IsNil && Values.Add(value))
        {
            plan.Work.TryTake(ValueBytes + 2 * value.Text.Length);
            if (Values.Count > countMax)
                plan.Work.Meter.Spend(ReadLimit.Memory);
        }
    }
}
