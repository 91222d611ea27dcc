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

    /// <summary>Puts the decisions of the row group's runs, and forgets them.</summary>
    public void PutDecisions(ColumnSink sink, RowGroupGatherer gatherer)
    {
        if (_decisions.TrueForAll(decision => decision == KeepDecision.Undecided))
        {
            _decisions.Clear();
            return;
        }

        var values = sink.Scratch(_decisions.Count);
        for (var run = 0; run < values.Length; run++)
            values[run] = BitConverter.DoubleToUInt64Bits(_decisions[run].Weight) ^ WeightOne;
        sink.Put(ColumnId.KeepWeights, values);
        values = sink.Scratch(_decisions.Count);
        for (var run = 0; run < values.Length; run++)
            values[run] = (ulong)gatherer.CodeOf(Encoding.UTF8.GetBytes(_decisions[run].Reason));
        sink.Put(ColumnId.KeepReasons, values);
        _decisions.Clear();
    }

    /// <summary>Takes what <see cref="PutDecisions"/> put.</summary>
    /// <param name="strings">The block's and the row group's own.</param>
    public static KeepDecision[] TakeDecisions(ColumnSource source, int runCount, StringTable strings)
    {
        var weights = new ulong[runCount];
        var reasons = new ulong[runCount];
        source.Take(ColumnId.KeepWeights, weights);
        source.Take(ColumnId.KeepReasons, reasons);
        var known = new Dictionary<(ulong, ulong), KeepDecision> { [(0, 0)] = KeepDecision.Undecided };
        var decisions = new KeepDecision[runCount];
        for (var run = 0; run < runCount; run++)
        {
            if (reasons[run] >= (ulong)strings.Count)
                source.Fail(ColumnId.KeepReasons, $"codes below {strings.Count}", $"{reasons[run]}");
            ref var decision = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (weights[run], reasons[run]), out _);
            decision ??= new KeepDecision(BitConverter.UInt64BitsToDouble(weights[run] ^ WeightOne), strings.GetString((int)reasons[run]));
            decisions[run] = decision;
        }

        return decisions;
    }
}
