using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Reads row groups of one block into batches that share its strings, resources and scopes.</summary>
internal sealed class RowGroupReader(BlockFile file, SpanBatch dictionary)
{
    /// <summary>A whole row group as a batch of its own.</summary>
    public SpanBatch ReadWhole(RowGroupInfo group)
    {
        using var source = Open(group, readAll: true);
        return Read(source, SpanParts.All, WithLocals(source));
    }

    /// <summary>The wanted parts of a row group, with all its strings.</summary>
    public SpanBatch ReadWithStrings(RowGroupInfo group, SpanParts wanted)
    {
        using var source = Open(group, readAll: false);
        return Read(source, wanted, WithLocals(source));
    }

    /// <summary>
    /// The wanted parts of a row group, into a batch of the block's shared strings. Codes of strings that only this row group has are past the table's end:
    /// good for comparing, not for reading.
    /// </summary>
    /// <param name="into">From <see cref="NewShared"/>; what it held is forgotten.</param>
    public void ReadShared(RowGroupInfo group, SpanParts wanted, SpanBatch into)
    {
        using var source = Open(group, readAll: false);
        into.ClearSpans(Math.Min(into.Nested.Count, dictionary.Nested.Count));
        Fill(source, wanted, into);
    }

    public SpanBatch NewShared() => new(dictionary.Strings, dictionary.Resources, dictionary.Scopes);

    RowGroupSource Open(RowGroupInfo group, bool readAll) => RowGroupSource.Open(file, group.Offset, group.Bytes, group.DirectoryBytes, readAll);

    SpanBatch Read(RowGroupSource source, SpanParts wanted, StringTable strings)
    {
        var batch = new SpanBatch(strings, dictionary.Resources, dictionary.Scopes);
        Fill(source, wanted, batch);
        return batch;
    }

    void Fill(RowGroupSource source, SpanParts wanted, SpanBatch batch)
    {
        var counts = source.Counts;
        var decoder = new BatchDecoder(source, dictionary.Strings.Count + Math.Max(0, counts.Strings - 1));
        for (var row = batch.Nested.Count; row < dictionary.Nested.Count; row++)
            batch.Nested.Set(batch.Nested.Append(1), dictionary.Nested.Keys[row], dictionary.Nested.Values[row]);
        if ((wanted & (SpanParts.Attributes | SpanParts.Events | SpanParts.Links)) != SpanParts.Core)
            decoder.TakeNested(batch.Nested, counts.Nested);
        if (counts.Spans == 0)
            return;
        TraceOrder.TakeTracesAndStarts(source, batch.Spans, counts.Spans, source.RunCount);
        if (wanted.HasFlag(SpanParts.Ids))
            TraceOrder.TakeIds(source, batch.Spans, counts.Spans);
        decoder.TakeSpans(batch, counts, dictionary.Scopes.Count, wanted);
    }

    // Shared strings, then the row group's own. The copy is small: what is large is unique, and unique is local.
    StringTable WithLocals(RowGroupSource source)
    {
        if (source.Counts.Strings <= 1)
            return dictionary.Strings;
        var locals = new StringTable();
        new BatchDecoder(source, 0).TakeStrings(locals, source.Counts.Strings, source.Counts.StringBytes);
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
