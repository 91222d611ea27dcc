using System.Runtime.InteropServices;
using System.Text;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The traces of a block under construction as they come by: a hash of each for the filter and the index, and the decisions of the row group at hand.</summary>
internal sealed class TraceRuns
{
    // Stored weights are the bits of the number, and as many zeros as possible: 1 is what nearly all are.
    static readonly ulong WeightOne = BitConverter.DoubleToUInt64Bits(1);

    readonly List<ulong> _hashes = [];
    readonly List<int> _groups = [];
    readonly List<KeepDecision> _decisions = [];
    readonly List<int> _reasons = [];
    TraceId _trace;

    /// <summary><see cref="StableHash"/>es of all trace ids so far.</summary>
    public Span<ulong> TraceHashes => CollectionsMarshal.AsSpan(_hashes);

    /// <summary>The row groups that they begin in.</summary>
    public Span<int> TraceGroups => CollectionsMarshal.AsSpan(_groups);

    public void Add(ReadOnlySpan<TraceId> ids, ReadOnlySpan<int> rows, KeepDecision decision, int group)
    {
        foreach (var row in rows)
        {
            var isNew = ids[row] != _trace || _hashes.Count == 0;
            if (isNew)
            {
                _hashes.Add(StableHash.Of(_trace = ids[row]));
                _groups.Add(group);
            }

            if (isNew || _decisions.Count == 0)
                _decisions.Add(decision);
        }
    }

    /// <summary>Reasons are strings of the row group like others: they are gathered before the strings are numbered.</summary>
    public void TakeReasons(RowGroupGatherer gatherer)
    {
        _reasons.Clear();
        foreach (var decision in _decisions)
            _reasons.Add(gatherer.CodeOf(Encoding.UTF8.GetBytes(decision.Reason)));
    }

    /// <summary>Puts the decisions of the row group's runs, and forgets them.</summary>
    public void PutDecisions(ColumnSink sink, OwnStrings own)
    {
        var values = sink.Scratch(_decisions.Count);
        for (var run = 0; run < values.Length; run++)
            values[run] = BitConverter.DoubleToUInt64Bits(_decisions[run].Weight) ^ WeightOne;
        sink.Put(ColumnId.KeepWeights, values);
        for (var run = 0; run < values.Length; run++)
            values[run] = (ulong)own.CodeOf(_reasons[run]);
        sink.Put(ColumnId.KeepReasons, values);
        _decisions.Clear();
    }

    /// <summary>The decision that was stored as this weight and reason.</summary>
    public static KeepDecision DecisionOf(ulong storedWeight, string reason) =>
        storedWeight == 0 && reason.Length == 0 ? KeepDecision.Undecided : new KeepDecision(BitConverter.UInt64BitsToDouble(storedWeight ^ WeightOne), reason);
}
