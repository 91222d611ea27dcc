using System.Globalization;
using System.Text.Json;
using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger;

/// <summary>Writes one trace as Jaeger's legacy JSON, straight from the columns.</summary>
/// <remarks>
/// <c>{"traceID","spans":[{"traceID","spanID","operationName","references","startTime","duration","tags","logs","processID","warnings"}],"processes","warnings"}</c>,
/// times in microseconds, truncated. One process per distinct resource, <c>p1</c>, <c>p2</c>, … in order of appearance.
/// </remarks>
internal sealed class JaegerTraceWriter(AdjustedTrace trace, JsonAnswer answer)
{
    const string WarningsKey = "@jaeger@warnings";

    readonly SpanBatch _batch = trace.Batch;
    readonly Utf8JsonWriter _writer = answer.Writer;
    readonly int[] _processes = new int[trace.Batch.Resources.Count];
    readonly List<int> _resources = [];
    readonly List<int> _order = [];
    readonly List<JsonEncodedText> _processIds = [];
    int[]? _keyRanks;
    readonly JaegerTags _tags = new(trace.Batch, answer.Writer);

    public async ValueTask WriteAsync(TraceId id)
    {
        var traceId = JsonEncodedText.Encode(JaegerTraceId.Format(id));
        _writer.WriteStartObject();
        _writer.WriteString(JaegerNames.TraceId, traceId);
        _writer.WriteStartArray("spans");
        foreach (var row in trace.Rows)
        {
            WriteSpan(row, traceId);
            await answer.SendIfMuchAsync();
        }

        _writer.WriteEndArray();
        WriteProcesses();
        _writer.WriteNull(JaegerNames.Warnings);
        _writer.WriteEndObject();
        await answer.SendIfMuchAsync();
    }

    void WriteSpan(int row, JsonEncodedText traceId)
    {
        var span = _batch.Spans[row];
        _writer.WriteStartObject();
        _writer.WriteString(JaegerNames.TraceId, traceId);
        WriteSpanId(trace.SpanIdOf(row));
        if ((span.Flags & 0xFF) is var flags && flags != 0)
            _writer.WriteNumber(JaegerNames.Flags, flags);
        if (span.Name == 0)
            _writer.WriteString(JaegerNames.OperationName, OperationName.Empty);
        else
            _writer.WriteString(JaegerNames.OperationName, _batch.Strings[span.Name]);
        WriteReferences(row, traceId);
        _writer.WriteNumber(JaegerNames.StartTime, Micros(span.Start, trace.ShiftNanosOf(row)));
        _writer.WriteNumber(JaegerNames.Duration, _batch.Spans.DurationNanos(row) / 1_000);
        WriteTags(row, span);
        WriteLogs(row);
        _writer.WriteString(JaegerNames.ProcessId, ProcessOf(_batch.ResourceOf(row)));
        WriteWarnings(row);
        _writer.WriteEndObject();
    }

    void WriteReferences(int row, JsonEncodedText traceId)
    {
        _writer.WriteStartArray(JaegerNames.References);
        if (trace.ParentIdOf(row) is { IsAbsent: false } parent)
            WriteReference(JaegerNames.ChildOf, traceId, parent);
        var links = _batch.Links[row];
        for (var link = links.Start; link < links.End; link++)
        {
            if (trace.IsShown(link))
                WriteReference(LinkType(link), JsonEncodedText.Encode(JaegerTraceId.Format(_batch.Links.TraceIds[link])), _batch.Links.SpanIds[link]);
        }

        _writer.WriteEndArray();
    }

    void WriteReference(JsonEncodedText type, JsonEncodedText traceId, SpanId spanId)
    {
        _writer.WriteStartObject();
        _writer.WriteString(JaegerNames.RefType, type);
        _writer.WriteString(JaegerNames.TraceId, traceId);
        WriteSpanId(spanId);
        _writer.WriteEndObject();
    }

    // The OpenTracing shim says in an attribute which of the two kinds a reference was.
    JsonEncodedText LinkType(int link) =>
        _batch.Strings.TryFind("opentracing.ref_type"u8, out var key)
        && _batch.Links.Attributes.TryFind(link, key, out var type)
        && type.Kind == ValueKind.String
        && _batch.Strings[type.Code].SequenceEqual("child_of"u8) ? JaegerNames.ChildOf : JaegerNames.FollowsFrom;

    void WriteTags(int row, in SpanRow span)
    {
        _writer.WriteStartArray(JaegerNames.Tags);
        _tags.WriteText(JaegerNames.ScopeName, _batch.Scopes.Names[span.Scope]);
        _tags.WriteText(JaegerNames.ScopeVersion, _batch.Scopes.Versions[span.Scope]);
        foreach (var attribute in Ordered(_batch.Spans.Attributes, _batch.Spans.Attributes[row]))
        {
            if (!IsWarnings(_batch.Spans.Attributes.Keys[attribute]) && !trace.IsMoved(attribute))
                _tags.Write(_batch.Spans.Attributes, attribute, trace.IsAdjusted);
        }

        if (span.Kind != SpanKind.Unspecified)
            _tags.WriteText(JaegerNames.SpanKind, TagCondition.NameOf(span.Kind));
        if (span.Status != StatusCode.Unset)
            _tags.WriteText(JaegerNames.StatusCode, span.Status == StatusCode.Ok ? "OK" : "ERROR");
        if (span.Status == StatusCode.Error)
            _tags.WriteBool(JaegerNames.Error, true);
        _tags.WriteText(JaegerNames.StatusDescription, span.StatusMessage);
        _tags.WriteText(JaegerNames.TraceState, span.TraceState);
        _writer.WriteEndArray();
    }

    void WriteLogs(int row)
    {
        _writer.WriteStartArray(JaegerNames.Logs);
        var events = _batch.Events[row];
        for (var at = events.Start; at < events.End; at++)
        {
            _writer.WriteStartObject();
            _writer.WriteNumber(JaegerNames.Timestamp, Micros(_batch.Events.Times[at], trace.ShiftNanosOf(row)));
            _writer.WriteStartArray(JaegerNames.Fields);
            _tags.WriteText(JaegerNames.Event, _batch.Events.Names[at]);
            foreach (var attribute in Ordered(_batch.Events.Attributes, _batch.Events.Attributes[at]))
                _tags.Write(_batch.Events.Attributes, attribute, addressesAsText: false);
            _writer.WriteEndArray();
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
    }

    void WriteWarnings(int row)
    {
        var stored = default(AnyValue);
        var hasStored = _batch.Strings.TryFind(WarningsKey, out var key)
            && _batch.Spans.Attributes.TryFind(row, key, out stored)
            && stored.Kind == ValueKind.Array;
        var warnings = trace.WarningsOf(row);
        if (!hasStored && !warnings.Any())
        {
            _writer.WriteNull(JaegerNames.Warnings);
            return;
        }

        _writer.WriteStartArray(JaegerNames.Warnings);
        for (var at = 0; hasStored && at < stored.NestedCount; at++)
            _writer.WriteStringValue(ValueText.Format(_batch, _batch.Nested.Values[stored.NestedStart + at]));
        foreach (var warning in warnings)
            _writer.WriteStringValue(warning);
        _writer.WriteEndArray();
    }

    void WriteProcesses()
    {
        _writer.WriteStartObject("processes");
        for (var process = 0; process < _resources.Count; process++)
        {
            var resource = _resources[process];
            _writer.WriteStartObject(_processIds[process]);
            _writer.WriteString("serviceName", ServiceName.Of(_batch, resource));
            _writer.WriteStartArray(JaegerNames.Tags);
            var isKnown = _batch.Strings.TryFind(ServiceName.Key, out var key);
            foreach (var attribute in Ordered(_batch.Resources.Attributes, _batch.Resources.Attributes[resource]))
            {
                if (!isKnown || _batch.Resources.Attributes.Keys[attribute] != key)
                    _tags.Write(_batch.Resources.Attributes, attribute, trace.IsAdjusted);
            }

            foreach (var attribute in trace.MovedTo(resource))
                _tags.Write(_batch.Spans.Attributes, attribute, trace.IsAdjusted);

            _writer.WriteEndArray();
            _writer.WriteEndObject();
        }

        _writer.WriteEndObject();
    }

    JsonEncodedText ProcessOf(int resource)
    {
        ref var process = ref _processes[resource];
        if (process == 0)
        {
            _resources.Add(resource);
            process = _resources.Count;
            _processIds.Add(JsonEncodedText.Encode($"p{process}"));
        }

        return _processIds[process - 1];
    }

    // Jaeger shows attributes in order of their keys, and raw traces as they came.
    List<int> Ordered(AttributeColumns columns, RowRange rows)
    {
        _order.Clear();
        for (var row = rows.Start; row < rows.End; row++)
            _order.Add(row);
        if (!trace.IsAdjusted)
            return _order;
        var ranks = _keyRanks ??= RankKeys();
        _order.Sort((left, right) => ranks[columns.Keys[left]] is var rank && ranks[columns.Keys[right]] is var other && rank != other ? rank.CompareTo(other) : left.CompareTo(right));
        return _order;
    }

    // Per string that is a key, its place in the order of all keys: there are few, and they are compared for every span.
    int[] RankKeys()
    {
        var ranks = new int[_batch.Strings.Count];
        foreach (var columns in (ReadOnlySpan<AttributeColumns>)[_batch.Spans.Attributes, _batch.Events.Attributes, _batch.Resources.Attributes])
        {
            foreach (var key in columns.Keys.Values)
                ranks[key] = 1;
        }

        var keys = Enumerable.Range(0, ranks.Length).Where(code => ranks[code] > 0).ToArray();
        Array.Sort(keys, (left, right) => _batch.Strings[left].SequenceCompareTo(_batch.Strings[right]));
        for (var rank = 0; rank < keys.Length; rank++)
            ranks[keys[rank]] = rank;
        return ranks;
    }

    void WriteSpanId(SpanId id)
    {
        Span<byte> digits = stackalloc byte[SpanId.Bytes * 2];
        id.Value.TryFormat(digits, out _, "x16", CultureInfo.InvariantCulture);
        _writer.WriteString(JaegerNames.SpanId, digits);
    }

    bool IsWarnings(int key) => _batch.Strings[key].SequenceEqual("@jaeger@warnings"u8);

    // A shift is only ever applied where the time stays above zero; the times of events are claims of their own.
    static ulong Micros(UnixNanos time, long shift) => time.Shifted(shift).Value / 1_000;
}
