using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Columns;

namespace Clew.Storage.Inspection;

/// <summary>Decodes the row groups of a block one after the other and holds them against everything that is said of them elsewhere: bounds, order, filters, index, operations.</summary>
internal sealed class BlockContentCheck : IDisposable
{
    readonly BlockIndex _index;
    readonly Block _block;
    readonly RowGroupReader _reader;
    readonly HashSet<ServiceOperation>? _operations;
    readonly Action<RowGroupInfo, string> _report;
    TraceRun? _last;
    UnixNanos _lastStart;

    /// <param name="report">Told which row group is not as described, and how.</param>
    public BlockContentCheck(BlockFile file, BlockSummary summary, BlockIndex index, Action<RowGroupInfo, string> report)
    {
        _index = index;
        _report = report;
        // Filters that are damaged are reported by their checksums; here they then deny nothing. Not to be released: the file is the snapshot's.
        _block = new Block(summary, file, new BlockCache(bytesMax: 64L << 20), new DamageLog(_ => { }));
        _reader = _block.NewReader();
        _operations = _block.FindOperations() is { } operations ? [.. operations] : null;
    }

    /// <summary>A row group is left out: what comes next need not fit to what came before.</summary>
    public void Skip() => _last = null;

    /// <summary>Checks the next row group.</summary>
    /// <returns>Whether its spans can be read and are where they belong.</returns>
    public bool Check(int number)
    {
        var group = _index.Groups[number];
        try
        {
            var batch = _reader.ReadWhole(group);
            var problem = FindWrongBounds(batch.Spans, group) ?? FindWrongOrder(number, batch.Spans, _reader.ReadRuns(group)) ?? FindUnlisted(group, batch);
            if (problem is not null)
                _report(group, problem);
            return problem is null;
        }
        catch (CorruptFileException corrupt)
        {
            _report(group, corrupt.Message);
            Skip();
            return false;
        }
    }

    public void Dispose() => _reader.Dispose();

    static string? FindWrongBounds(SpanColumns spans, RowGroupInfo group)
    {
        if (spans.Count != group.Rows)
            return $"the footer speaks of {group.Rows} rows, and there are {spans.Count}";
        var bounds = SpanBounds.Of(spans);
        if ((bounds.StartMin, bounds.StartMax) != (group.StartMin, group.StartMax))
            return $"the footer's starts are {group.StartMin} to {group.StartMax}, and those of the rows {bounds.StartMin} to {bounds.StartMax}";
        if ((bounds.DurationMin, bounds.DurationMax) != (group.DurationMin, group.DurationMax))
            return $"the footer's durations are {group.DurationMin} to {group.DurationMax}, and those of the rows {bounds.DurationMin} to {bounds.DurationMax}";
        return (spans.TraceIds[0], spans.TraceIds[spans.Count - 1]) == (group.FirstTrace, group.LastTrace) ? null
            : $"the footer's traces are {group.FirstTrace} to {group.LastTrace}, and those of the rows {spans.TraceIds[0]} to {spans.TraceIds[spans.Count - 1]}";
    }

    // Traces by their earliest start, then id; rows of a trace by start. A trace may go on in the next row group.
    string? FindWrongOrder(int number, SpanColumns spans, TraceRun[] runs)
    {
        foreach (var run in runs)
        {
            var goesOn = _last is { } before && before.Id == run.Id && before.Group == number - 1 && run.FirstRow == 0;
            if (goesOn ? run.Start < _lastStart : _last is { } other && (run.Start, run.Id).CompareTo((other.Start, other.Id)) <= 0)
                return $"trace {run.Id} at row {run.FirstRow} is before {_last!.Value.Id}, which comes first";
            for (var row = run.FirstRow + 1; row < run.FirstRow + run.RowCount; row++)
            {
                if (spans.Starts[row] < spans.Starts[row - 1])
                    return $"row {row} of trace {run.Id} starts before the row before it";
            }

            _lastStart = spans.Starts[run.FirstRow + run.RowCount - 1];
            _last = goesOn ? _last!.Value with { Group = number } : run;
            if (!goesOn && !_block.FindGroups(run.Id).Any(found => found.Number == number))
                return $"trace {run.Id} begins here, and neither filter nor index leads here";
        }

        return null;
    }

    // The row group is still open.
    string? FindUnlisted(RowGroupInfo group, SpanBatch batch)
    {
        var (ends, bytes) = _reader.OwnStrings;
        for (var at = 0; at < ends.Length; at++)
        {
            if (!_block.FindValue(StableHash.Of(bytes.AsSpan((at == 0 ? 0 : ends[at - 1])..ends[at]))).MayBeIn(group))
                return $"the row group's own text {at} is not in the value index";
        }

        return _operations is null || _operations.IsSupersetOf(ServiceOperation.AllOf(batch)) ? null : "it has an operation that the list of operations lacks";
    }
}
