using System.Text.Json;
using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Zipkin;

/// <summary>Writes one trace as a list of Zipkin's v2 spans; what a span does not have is left out.</summary>
/// <remarks>
/// <c>[{"traceId","parentId","id","kind","name","timestamp","duration","localEndpoint","remoteEndpoint","annotations","tags","debug","shared"}]</c>, times in
/// microseconds, truncated. A span that was stored twice is written once.
/// </remarks>
internal sealed class ZipkinTraceWriter(SpanBatch batch, JsonAnswer answer)
{
    readonly ZipkinTraceView _view = new(batch);
    readonly Utf8JsonWriter _writer = answer.Writer;
    readonly OrderedDictionary<string, string> _tags = new(StringComparer.Ordinal);

    public async ValueTask WriteAsync()
    {
        _writer.WriteStartArray();
        foreach (var row in DistinctSpans.Of(batch).Rows)
        {
            WriteSpan(row);
            await answer.SendIfMuchAsync();
        }

        _writer.WriteEndArray();
        await answer.SendIfMuchAsync();
    }

    void WriteSpan(int row)
    {
        var span = batch.Spans[row];
        _writer.WriteStartObject();
        _writer.WriteString(ZipkinNames.TraceId, ZipkinTraceId.Format(span.TraceId));
        if (!span.ParentSpanId.IsAbsent)
            _writer.WriteString(ZipkinNames.ParentId, span.ParentSpanId.ToString());
        _writer.WriteString(ZipkinNames.Id, span.SpanId.ToString());
        if (span.Kind is not (SpanKind.Unspecified or SpanKind.Internal))
            _writer.WriteString(ZipkinNames.Kind, TagCondition.NameOf(span.Kind).ToUpperInvariant());
        if (span.Name != 0)
            _writer.WriteString(ZipkinNames.Name, _view.NameOf(row));
        WriteUnlessZero(ZipkinNames.Timestamp, _view.TimestampMicrosOf(row));
        WriteUnlessZero(ZipkinNames.Duration, _view.DurationMicrosOf(row));
        _view.LocalOf(row).Write(_writer, ZipkinNames.LocalEndpoint);
        _view.RemoteOf(row).Write(_writer, ZipkinNames.RemoteEndpoint);
        WriteAnnotations(row);
        WriteTags(row);
        if (_view.IsDebug(row))
            _writer.WriteBoolean(ZipkinNames.Debug, true);
        if (_view.IsShared(row))
            _writer.WriteBoolean(ZipkinNames.Shared, true);
        _writer.WriteEndObject();
    }

    void WriteAnnotations(int row)
    {
        var events = batch.Events[row];
        if (events.Start == events.End)
            return;
        _writer.WriteStartArray(ZipkinNames.Annotations);
        for (var at = events.Start; at < events.End; at++)
        {
            _writer.WriteStartObject();
            WriteUnlessZero(ZipkinNames.Timestamp, batch.Events.Times[at].Value / 1_000);
            _writer.WriteString(ZipkinNames.Value, _view.AnnotationOf(at));
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    void WriteTags(int row)
    {
        _view.ReadTags(row, _tags);
        if (_tags.Count == 0)
            return;
        _writer.WriteStartObject(ZipkinNames.Tags);
        foreach (var (key, value) in _tags)
            _writer.WriteString(key, value);
        _writer.WriteEndObject();
    }

    void WriteUnlessZero(JsonEncodedText key, ulong number)
    {
        if (number != 0)
            _writer.WriteNumber(key, number);
    }
}
