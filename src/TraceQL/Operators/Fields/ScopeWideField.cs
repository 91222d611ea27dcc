using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>What all spans of a scope have in common: found once for each.</summary>
internal abstract class ScopeWideField(string name) : AttributeField(name)
{
    Cell?[] _cells = [];
    ScopeColumns? _scopes;

    public sealed override void Open(SpanBatch batch)
    {
        var isKnown = _scopes == batch.Scopes && Batch.Strings == batch.Strings && _cells.Length >= batch.Scopes.Count;
        base.Open(batch);
        if (isKnown)
            return;
        _scopes = batch.Scopes;
        if (_cells.Length < batch.Scopes.Count)
            _cells = new Cell?[batch.Scopes.Count];
        else
            Array.Clear(_cells);
    }

    public sealed override Cell Of(int row)
    {
        var scope = Batch.Spans.Scopes[row];
        if (_cells[scope] is { } known)
            return known;
        var cell = OfScope(scope);
        // An array stays where it is in its batch, which the next one over the same scopes need not be.
        if (cell.Type != ValueType.Array)
            _cells[scope] = cell;
        return cell;
    }

    protected abstract Cell OfScope(int scope);
}
