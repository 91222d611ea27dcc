using System.Text.RegularExpressions;
using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>x =~ "…"</c> and <c>x !~ "…"</c>: the whole text matches, or does not; of several texts, one matches, or none does.</summary>
internal sealed class LikeField(SpanField operand, Regex pattern, bool isLike) : SpanField
{
    TextTest.Like _test = new(pattern);

    // Texts of a batch are matched once each.
    readonly Dictionary<int, bool> _known = [];
    StringTable? _strings;

    public override void WorkFor(ReadMeter meter)
    {
        _test = _test with { Meter = meter };
        operand.WorkFor(meter);
    }

    public override void Open(SpanBatch batch)
    {
        operand.Open(batch);
        if (_strings == batch.Strings)
            return;
        _strings = batch.Strings;
        _known.Clear();
    }

    public override void Enter(TraceView trace)
    {
        if (_test.Meter != trace.Work.Meter)
            _test = _test with { Meter = trace.Work.Meter };
        operand.Enter(trace);
    }

    public override Cell Of(int row) => Cell.OfBool(Holds(row));

    public override bool Holds(int row)
    {
        var cell = operand.Of(row);
        return cell.Type switch
        {
            ValueType.Text => Matches(cell) == isLike,
            ValueType.Array => HoldsFor(cell),
            _ => false,
        };
    }

    bool HoldsFor(Cell array)
    {
        for (var index = 0; index < array.Count; index++)
        {
            var element = array[index];
            var holds = element.Type == ValueType.Text && Matches(element) == isLike;
            if (holds == isLike)
                return holds;
        }

        return !isLike;
    }

    bool Matches(Cell text)
    {
        if (text.Strings is null || text.Strings != _strings)
            return Matches(text.Utf8);
        if (!_known.TryGetValue((int)text.Bits, out var matches))
            _known.Add((int)text.Bits, matches = Matches(text.Utf8));
        return matches;
    }

    bool Matches(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return _test.Holds(utf8);
        }
        catch (RegexMatchTimeoutException slow)
        {
            throw QueryFailedException.For(slow);
        }
    }
}
