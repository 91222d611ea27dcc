using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>Two steps over the same spans whose results become one set. Each set that comes in is worked on alone.</summary>
internal abstract class CombineOperator(PipelineOperator left, PipelineOperator right) : PipelineOperator
{
    readonly Spansets _output = new();
    readonly Spansets _single = new();

    public sealed override void Open(SpanBatch batch)
    {
        left.Open(batch);
        right.Open(batch);
    }

    public sealed override Spansets Apply(TraceView trace, Spansets input)
    {
        _output.Clear(trace.Work);
        for (var index = 0; index < input.Count; index++)
        {
            if (trace.Work.IsSpent)
                return _output;
            _single.Show(input[index]);
            var lefts = left.Apply(trace, _single);
            var rights = right.Apply(trace, _single);
            var result = _output.Add();
            Combine(trace, lefts, rights, result);
            if (result.Rows.Count == 0)
                _output.RemoveLast();
            else
                AddAttributes(lefts, rights, result);
        }

        return _output.Settled();
    }

    protected abstract void Combine(TraceView trace, Spansets lefts, Spansets rights, Spanset result);

    // What both sides say, the left says.
    static void AddAttributes(Spansets lefts, Spansets rights, Spanset result)
    {
        for (var index = 0; index < lefts.Count + rights.Count; index++)
        {
            foreach (var attribute in (index < lefts.Count ? lefts[index] : rights[index - lefts.Count]).Attributes)
            {
                if (!result.Attributes.Exists(known => known.Name == attribute.Name))
                    result.Attributes.Add(attribute);
            }
        }
    }
}
