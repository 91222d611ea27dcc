using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Segments;

/// <summary>A batch as the payload of one record: quick to write, and half the size of the request it came in.</summary>
/// <remarks>
/// <code>| version u8 = 1 | 15 row counts, varints | columns in the order of ColumnId |</code>
/// A column of numbers is a <see cref="NarrowColumn"/>; ids and string contents are as they are in memory, little-endian. Columns without rows are left out. Spans are
/// in the order in which they arrived. See docs/formats/segment.md.
/// </remarks>
internal static class BatchRecord
{
    const byte Version = 1;

    /// <exception cref="InvalidOperationException">The batch is not well formed.</exception>
    public static void Encode(SpanBatch batch, ByteWriter to)
    {
        var counts = BatchCounts.Of(batch);
        to.WriteByte(Version);
        counts.Write(to);
        var sink = new RecordSink(to);
        var encoder = new BatchEncoder(sink, counts.Strings);
        encoder.PutStrings(batch.Strings);
        encoder.PutNested(batch.Nested, 0);
        encoder.PutResources(batch.Resources, counts.Nested);
        encoder.PutScopes(batch.Scopes, counts.Resources, counts.Nested);
        if (counts.Spans == 0)
            return;
        sink.PutBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(batch.Spans.TraceIds.Values));
        sink.PutBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(batch.Spans.SpanIds.Values));
        sink.PutBytes(ColumnId.ParentSpanIds, MemoryMarshal.AsBytes(batch.Spans.ParentSpanIds.Values));
        sink.Put(ColumnId.Starts, MemoryMarshal.Cast<UnixNanos, ulong>(batch.Spans.Starts.Values));
        encoder.PutSpans(batch, counts.Scopes);
    }

    /// <param name="payload">What <see cref="Encode"/> wrote, or anything else.</param>
    /// <param name="path">The file it was read from, and where in it: for the error.</param>
    /// <exception cref="CorruptFileException">It is not the encoding of a well-formed batch.</exception>
    public static SpanBatch Decode(ReadOnlyMemory<byte> payload, string path, long offset)
    {
        var reader = new ByteReader(payload.Span, path, offset);
        if (reader.TakeByte() is var version && version != Version)
            throw new CorruptFileException(path, offset, $"version {Version} of a batch", $"version {version}");
        // Every table has a column of at least one byte a row, so no count can exceed the size of the payload.
        var counts = BatchCounts.Read(ref reader, payload.Length);
        var source = new RecordSource(payload, reader.Position, path, offset);
        var decoder = new BatchDecoder(source, counts.Strings);
        var batch = SpanBatch.Rent();
        decoder.TakeStrings(batch.Strings, counts.Strings, counts.StringBytes);
        decoder.TakeNested(batch.Nested, counts.Nested);
        decoder.TakeResources(batch.Resources, counts);
        decoder.TakeScopes(batch.Scopes, counts);
        if (counts.Spans > 0)
        {
            source.TakeBytes(ColumnId.TraceIds, MemoryMarshal.AsBytes(batch.Spans.TraceIds.Append(counts.Spans)));
            source.TakeBytes(ColumnId.SpanIds, MemoryMarshal.AsBytes(batch.Spans.SpanIds.Append(counts.Spans)));
            source.TakeBytes(ColumnId.ParentSpanIds, MemoryMarshal.AsBytes(batch.Spans.ParentSpanIds.Append(counts.Spans)));
            source.Take(ColumnId.Starts, MemoryMarshal.Cast<UnixNanos, ulong>(batch.Spans.Starts.Append(counts.Spans)));
            decoder.TakeSpans(batch, counts, counts.Scopes, SpanParts.All);
        }

        source.ExpectEnd();
        return batch;
    }

    sealed class RecordSink(ByteWriter to) : ColumnSink
    {
        public override void Put(ColumnId id, ReadOnlySpan<ulong> values) => NarrowColumn.Write(to, values);

        public override void PutAnchor(ColumnId id, ReadOnlySpan<ulong> values) => NarrowColumn.Write(to, values, widthMin: 1);

        public override void PutBytes(ColumnId id, ReadOnlySpan<byte> bytes) => to.Write(bytes);
    }

    sealed class RecordSource(ReadOnlyMemory<byte> payload, int position, string path, long offset) : ColumnSource
    {
        int _position = position;

        public override void Take(ColumnId id, Span<ulong> values)
        {
            var reader = Reader();
            NarrowColumn.Read(ref reader, values);
            _position += reader.Position;
        }

        public override void TakeBytes(ColumnId id, Span<byte> bytes)
        {
            var reader = Reader();
            reader.Take(bytes.Length).CopyTo(bytes);
            _position += bytes.Length;
        }

        [DoesNotReturn]
        public override void Fail(ColumnId id, string expected, string found) =>
            throw new CorruptFileException(path, offset + _position, $"{id}: {expected}", found);

        public void ExpectEnd() => Reader().ExpectEnd();

        ByteReader Reader() => new(payload.Span[_position..], path, offset + _position);
    }
}
