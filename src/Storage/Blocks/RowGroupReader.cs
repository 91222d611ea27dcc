using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Reads row groups of one block into batches that share its strings, resources and scopes: whole, or part after part as far as a search needs them.</summary>
/// <remarks>For one thread. What it needs to decode a row group is kept for the next.</remarks>
internal sealed class RowGroupReader(BlockFile file, SpanBatch dictionary) : IDisposable
{
    readonly RowGroupSource _source = new(file);

    /// <summary>A whole row group as a batch of its own.</summary>
    public SpanBatch ReadWhole(RowGroupInfo group) => Read(group, SpanParts.All, readAll: true);

    /// <summary>The wanted parts of a row group, with all its strings.</summary>
    public SpanBatch ReadWithStrings(RowGroupInfo group, SpanParts wanted) => Read(group, wanted, readAll: false);

    /// <summary>The traces of a row group in the order of its rows, without reading more than that takes.</summary>
    public TraceRun[] ReadRuns(int number, RowGroupInfo group)
    {
        Open(group, readAll: false);
        var spans = new SpanColumns();
        if (_source.Counts.Spans == 0)
            return [];
        TraceOrder.TakeTracesAndStarts(_source, spans, _source.Counts.Spans, _source.RunCount);
        var decisions = TraceRuns.TakeDecisions(_source, _source.RunCount, _source.Has(ColumnId.KeepReasons) ? WithLocals() : dictionary.Strings);
        var runs = new List<TraceRun>(_source.RunCount);
        var ids = spans.TraceIds.Values;
        for (int row = 0, end; row < ids.Length; row = end)
        {
            end = TraceOrder.EndOfRun(ids, row);
            runs.Add(new TraceRun(ids[row], spans.Starts[row], number, row, end - row, decisions[runs.Count]));
        }

        return [.. runs];
    }

    /// <summary>
    /// Begins with a row group: its trace ids and starts, into a batch of the block's shared strings. Codes of strings that only this row group has are past the
    /// table's end: good for comparing, not for reading.
    /// </summary>
    /// <param name="into">From <see cref="NewShared"/>; what it held is forgotten.</param>
    public void Begin(RowGroupInfo group, SpanBatch into)
    {
        Open(group, readAll: false);
        into.ClearSpans(dictionary.Nested.Count);
        TakeStarts(into);
    }

    /// <summary>Adds parts that the batch does not have yet to what <see cref="Begin"/> began.</summary>
    public void Continue(SpanParts wanted, SpanBatch into)
    {
        if (_source.Counts.Spans > 0 && wanted != SpanParts.Core)
            Take(wanted, into);
    }

    public SpanBatch NewShared() => NewBatch(dictionary.Strings);

    public void Dispose() => _source.Dispose();

    void Open(RowGroupInfo group, bool readAll) => _source.Open(group.Offset, group.Bytes, group.DirectoryBytes, readAll);

    SpanBatch Read(RowGroupInfo group, SpanParts wanted, bool readAll)
    {
        Open(group, readAll);
        var batch = NewBatch(WithLocals());
        if (_source.Counts.Spans == 0)
            return batch;
        TakeStarts(batch);
        Take(wanted, batch);
        return batch;
    }

    // Resources and scopes point to nested values too: they come first.
    SpanBatch NewBatch(StringTable strings)
    {
        var batch = new SpanBatch(strings, dictionary.Resources, dictionary.Scopes);
        for (var row = 0; row < dictionary.Nested.Count; row++)
            batch.Nested.Set(batch.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        return batch;
    }

    void TakeStarts(SpanBatch batch)
    {
        if (_source.Counts.Spans > 0)
            TraceOrder.TakeTracesAndStarts(_source, batch.Spans, _source.Counts.Spans, _source.RunCount);
    }

    void Take(SpanParts wanted, SpanBatch batch)
    {
        var counts = _source.Counts;
        var decoder = new BatchDecoder(_source, dictionary.Strings.Count + Math.Max(0, counts.Strings - 1));
        if ((wanted & SpanParts.WithValues) != SpanParts.Core)
            decoder.TakeNested(batch.Nested, counts.Nested);
        if (wanted.HasFlag(SpanParts.Ids))
            TraceOrder.TakeIds(_source, batch.Spans, counts.Spans);
        decoder.TakeSpans(batch, counts, dictionary.Scopes.Count, wanted);
    }

    // Shared strings, then the row group's own. The copy is small: what is large is unique, and unique is local.
    StringTable WithLocals()
    {
        if (_source.Counts.Strings <= 1)
            return dictionary.Strings;
        var locals = new StringTable();
        new BatchDecoder(_source, 0).TakeStrings(locals, _source.Counts.Strings, _source.Counts.StringBytes);
        var shared = dictionary.Strings;
        var ends = new int[shared.Count + locals.Count - 1];
        shared.Ends.CopyTo(ends);
        for (var code = 1; code < locals.Count; code++)
            ends[shared.Count + code - 1] = shared.Bytes.Length + locals.Ends[code];
        var bytes = new byte[shared.Bytes.Length + locals.Bytes.Length];
        shared.Bytes.CopyTo(bytes);
        locals.Bytes.CopyTo(bytes.AsSpan(shared.Bytes.Length));
        var strings = new StringTable();
        strings.TryLoad(bytes, ends);
        return strings;
    }
}
