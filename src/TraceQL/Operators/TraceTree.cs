using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Clew.Model;

namespace Clew.TraceQL.Operators;

/// <summary>The spans of a trace as a tree, numbered as nested sets: a span's numbers enclose those of its descendants.</summary>
/// <remarks>
/// <para>Spans go by their place in the trace, from 0. A parent id leads to the earliest span that carries it. Spans that no root leads to (orphans, cycles, and all below)
/// have a parent perhaps, but no position.</para>
/// <para>Arrays are kept from trace to trace.</para>
/// </remarks>
internal sealed class TraceTree
{
    // Ids are a stranger's: which of them collide is not to be known beforehand.
    static readonly ulong HashSeed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8)) | 1;

    int[] _slots = [];
    int[] _parents = [], _childEnds = [], _children = [], _lefts = [], _rights = [], _order = [], _open = [];
    bool[] _isRoot = [];
    int _positioned;

    public int Count { get; private set; }

    public long CapacityBytes => (_slots.Length * 4L) + (_parents.Length * 29L);

    /// <summary>The places of all spans with a position, each after its parent.</summary>
    public ReadOnlySpan<int> Positioned => _order.AsSpan(0, _positioned);

    public bool IsPositioned(int place) => _lefts[place] > 0;

    /// <summary>The place of the parent; -1 when it is not in the trace, is the span itself, or there is none.</summary>
    public int ParentOf(int place) => _parents[place];

    public int ChildCountOf(int place) => _childEnds[place] - (place == 0 ? 0 : _childEnds[place - 1]);

    /// <summary>0 without a position.</summary>
    public int LeftOf(int place) => _lefts[place];

    /// <summary>0 without a position.</summary>
    public int RightOf(int place) => _rights[place];

    /// <summary>The left number of the parent; -1 for a root, 0 without a position.</summary>
    public int ParentLeftOf(int place) => !IsPositioned(place) ? 0 : _parents[place] < 0 ? -1 : _lefts[_parents[place]];

    public void Build(SpanColumns spans, RowRange rows)
    {
        Count = rows.Count;
        Reserve(Count);
        var ids = spans.SpanIds.Values[rows.Start..rows.End];
        var parentIds = spans.ParentSpanIds.Values[rows.Start..rows.End];
        FindParents(ids, parentIds, spans.Starts.Values[rows.Start..rows.End]);
        SortChildren();
        Number();
    }

    void FindParents(ReadOnlySpan<SpanId> ids, ReadOnlySpan<SpanId> parentIds, ReadOnlySpan<UnixNanos> starts)
    {
        var mask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, Count * 2L)) - 1;
        if (_slots.Length <= mask)
            _slots = new int[mask + 1];
        var slots = _slots.AsSpan(0, mask + 1);
        slots.Fill(-1);
        for (var place = 0; place < ids.Length; place++)
        {
            ref var slot = ref SlotOf(slots, ids, ids[place]);
            if (slot < 0 || starts[place] < starts[slot])
                slot = place;
        }

        for (var place = 0; place < ids.Length; place++)
        {
            _isRoot[place] = parentIds[place].IsAbsent;
            _parents[place] = _isRoot[place] ? -1 : SlotOf(slots, ids, parentIds[place]);
            // Nobody is their own child.
            if (_parents[place] == place)
                _parents[place] = -1;
        }
    }

    static ref int SlotOf(Span<int> slots, ReadOnlySpan<SpanId> ids, SpanId id)
    {
        var mask = slots.Length - 1;
        var hash = (id.Value ^ (HashSeed >> 7)) * HashSeed;
        var at = (int)(hash >> 32) & mask;
        while (slots[at] >= 0 && ids[slots[at]] != id)
            at = (at + 1) & mask;
        return ref slots[at];
    }

    void SortChildren()
    {
        Array.Clear(_childEnds, 0, Count);
        for (var place = 0; place < Count; place++)
        {
            if (_parents[place] >= 0)
                _childEnds[_parents[place]]++;
        }

        var total = 0;
        for (var place = 0; place < Count; place++)
            _childEnds[place] = total += _childEnds[place];

        // Filled from the back; what counts down is given back its end afterwards.
        for (var place = Count - 1; place >= 0; place--)
        {
            if (_parents[place] >= 0)
                _children[--_childEnds[_parents[place]]] = place;
        }

        for (var place = 0; place < Count - 1; place++)
            _childEnds[place] = _childEnds[place + 1];
        if (Count > 0)
            _childEnds[Count - 1] = total;
    }

    void Number()
    {
        Array.Clear(_lefts, 0, Count);
        Array.Clear(_rights, 0, Count);
        _positioned = 0;
        var number = 1;
        for (var root = 0; root < Count; root++)
        {
            if (!_isRoot[root])
                continue;
            var depth = 0;
            Enter(root, ref number);
            _open[depth++] = root;
            while (depth > 0)
            {
                var place = _open[depth - 1];
                // The right number counts the children already entered until the span is left.
                var child = (place == 0 ? 0 : _childEnds[place - 1]) + _rights[place];
                if (child < _childEnds[place])
                {
                    _rights[place]++;
                    Enter(_children[child], ref number);
                    _open[depth++] = _children[child];
                }
                else
                {
                    _rights[place] = number++;
                    depth--;
                }
            }
        }
    }

    void Enter(int place, ref int number)
    {
        _lefts[place] = number++;
        _order[_positioned++] = place;
    }

    void Reserve(int count)
    {
        if (_parents.Length >= count)
            return;
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, count));
        (_parents, _childEnds, _children, _lefts) = (new int[length], new int[length], new int[length], new int[length]);
        (_rights, _order, _open, _isRoot) = (new int[length], new int[length], new int[length], new bool[length]);
    }
}
