using Clew.Model;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;

namespace Clew.TraceQL.Metrics;

/// <summary>Numbers the distinct values of a field, in the order in which they are met. For one thread.</summary>
internal sealed class FieldCodes(SpanField field, QueryWork work)
{
    // What the tables take of a value beside itself.
    const int ValueBytes = 100;

    readonly Dictionary<Value, int> _codes = [];
    readonly List<Value> _values = [];

    // Of the table at hand: what a text's code, or a scope, was numbered.
    readonly Dictionary<int, int> _ofTexts = [];
    int[] _ofScopes = [];
    SpanBatch? _batch;
    StringTable? _strings;
    ScopeColumns? _scopes;

    public Value this[int code] => _values[code];

    public void Open(SpanBatch batch)
    {
        field.Open(batch);
        _batch = batch;
        if (_strings != batch.Strings)
        {
            _strings = batch.Strings;
            _ofTexts.Clear();
        }

        if (field is not ScopeWideField || (_scopes == batch.Scopes && _ofScopes.Length >= batch.Scopes.Count))
            return;
        _scopes = batch.Scopes;
        _ofScopes = new int[batch.Scopes.Count];
        Array.Fill(_ofScopes, -1);
    }

    public void Enter(TraceView trace) => field.Enter(trace);

    public int Of(int row)
    {
        if (field is not ScopeWideField)
            return Of(field.Of(row));
        ref var code = ref _ofScopes[_batch!.Spans.Scopes[row]];
        if (code < 0)
            code = Of(field.Of(row));
        return code;
    }

    int Of(Cell cell)
    {
        if (cell.Type != ValueType.Text || cell.Strings is null || cell.Strings != _strings)
            return Of(cell.ToValue());
        if (!_ofTexts.TryGetValue((int)cell.Bits, out var code))
            _ofTexts.Add((int)cell.Bits, code = Of(cell.ToValue()));
        return code;
    }

    int Of(Value value)
    {
        if (_codes.TryGetValue(value, out var known))
            return known;
        work.TryTake(ValueBytes + QueryWork.BytesOf(value));
        _codes.Add(value, _values.Count);
        _values.Add(value);
        return _values.Count - 1;
    }
}
