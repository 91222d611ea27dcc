using Clew.Model;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Operators;

/// <summary><c>by(x)</c>: splits each set by the value of <c>x</c>, in the order in which values are met; spans without one are a group too.</summary>
/// <param name="text">The step's canonical text, under which each set carries its value.</param>
internal sealed class GroupByOperator(SpanField expression, string text) : PipelineOperator
{
    // What the table takes of a group, beside its value.
    const int GroupBytes = 64;

    readonly Spansets _output = new();
    readonly Dictionary<Value, Spanset> _groups = [];
    long _groupBytes;

    public override void Open(SpanBatch batch) => expression.Open(batch);

    public override Spansets Apply(TraceView trace, Spansets input)
    {
        expression.Enter(trace);
        _output.Clear(trace.Work);
        trace.Work.Return(_groupBytes);
        _groupBytes = 0;
        for (var index = 0; index < input.Count; index++)
        {
            _groups.Clear();
            foreach (var row in input[index].Rows)
            {
                if (trace.MustStop() || trace.Work.IsFull)
                    return _output;
                var value = expression.Of(row).ToValue();
                if (!_groups.TryGetValue(value, out var group))
                {
                    var bytes = GroupBytes + QueryWork.BytesOf(value);
                    _groupBytes += bytes;
                    trace.Work.TryTake(bytes);
                    _groups.Add(value, group = _output.Add());
                    group.Attributes.AddRange(input[index].Attributes);
                    group.Say(text, value);
                }

                group.Rows.Add(row);
            }
        }

        return _output.Settled();
    }
}
