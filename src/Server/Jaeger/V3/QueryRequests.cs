using System.Text;
using Clew.Model;
using Clew.Otlp;
using Clew.Otlp.Protobuf;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger.V3;

/// <summary>Reads the requests of the gRPC service. Each method answers null for a good one, else what is wrong with it.</summary>
/// <remarks>As protobuf implementations do: unknown fields are passed over, a message that comes twice is merged, of other fields and of a map's keys the last one wins.</remarks>
internal static class QueryRequests
{
    public static string? ReadTrace(ReadOnlySpan<byte> message, out string traceId, out bool isRaw)
    {
        (traceId, isRaw) = ("", false);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case GetTraceRequestField.TraceId: traceId = Text(ref reader); break;
                case GetTraceRequestField.RawTraces: isRaw = reader.Varint() != 0; break;

                // Times are a hint where to look, which this store has no need of.
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return Problem(reader);
    }

    public static string? ReadOperations(ReadOnlySpan<byte> message, out string service, out string spanKind)
    {
        (service, spanKind) = ("", "");
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case GetOperationsRequestField.Service: service = Text(ref reader); break;
                case GetOperationsRequestField.SpanKind: spanKind = Text(ref reader); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return Problem(reader) ?? (service.Length == 0 ? "service is required" : null);
    }

    public static string? ReadDependencies(ReadOnlySpan<byte> message, out TimeRange range)
    {
        ProtoTime from = default, to = default;
        string? problem = null;
        var reader = new ProtoReader(message);
        while (problem is null && reader.Next())
        {
            switch (reader.Tag)
            {
                case GetDependenciesRequestField.StartTime: problem = from.Merge(reader.Message()); break;
                case GetDependenciesRequestField.EndTime: problem = to.Merge(reader.Message()); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        problem = Problem(reader) ?? problem ?? RangeProblem(from, to, "start_time", "end_time");
        range = problem is null ? new TimeRange(from.ToTime(), to.ToTime()) : default;
        return problem;
    }

    /// <summary>A <c>FindTracesRequest</c> or <c>FindTraceSummariesRequest</c>.</summary>
    public static string? ReadFind(ReadOnlySpan<byte> message, int depthMax, out TraceQuery query)
    {
        var draft = new Draft();
        var hasQuery = false;
        string? problem = null;
        var reader = new ProtoReader(message);
        while (problem is null && reader.Next())
        {
            if (reader.Tag == FindRequestField.Query)
            {
                hasQuery = true;
                problem = draft.Merge(reader.Message());
            }
            else
            {
                reader.Skip(OtlpLimits.NestingBound);
            }
        }

        problem = Problem(reader) ?? problem ?? (hasQuery ? draft.Problem(depthMax) : "missing query");
        query = problem is null ? draft.ToQuery(depthMax) : new TraceQuery(new TraceSearch(), IsRaw: false);
        return problem;
    }

    /// <returns>Where the message stops being one; null when it is sound.</returns>
    public static string? Problem(ProtoReader reader) => reader.IsSound ? null : $"the request is malformed at byte {reader.FaultOffset}: {reader.Describe()}";

    static string? RangeProblem(in ProtoTime from, in ProtoTime to, string min, string max) =>
        !from.IsSet || !to.IsSet ? $"{min} and {max} are required"
        : from.TimestampProblem(min) ?? to.TimestampProblem(max) ?? (from.ToTime() >= to.ToTime() ? $"{min} must be before {max}" : null);

    static string Text(ref ProtoReader reader) => Encoding.UTF8.GetString(reader.Bytes());

    /// <summary>A <c>TraceQueryParameters</c> while it is read.</summary>
    sealed class Draft
    {
        readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);
        string _service = "", _operation = "";
        ProtoTime _from, _to, _shortest, _longest;
        int _depth;
        bool _isRaw, _hasFilter;

        public string? Merge(ProtoReader reader)
        {
            string? problem = null;
            while (problem is null && reader.Next())
            {
                switch (reader.Tag)
                {
                    case TraceQueryField.ServiceName: _service = Text(ref reader); break;
                    case TraceQueryField.OperationName: _operation = Text(ref reader); break;
                    case TraceQueryField.Attributes: problem = ReadAttribute(reader.Message()); break;
                    case TraceQueryField.StartTimeMin: problem = _from.Merge(reader.Message()); break;
                    case TraceQueryField.StartTimeMax: problem = _to.Merge(reader.Message()); break;
                    case TraceQueryField.DurationMin: problem = _shortest.Merge(reader.Message()); break;
                    case TraceQueryField.DurationMax: problem = _longest.Merge(reader.Message()); break;
                    case TraceQueryField.SearchDepth: _depth = (int)reader.Varint(); break;
                    case TraceQueryField.RawTraces: _isRaw = reader.Varint() != 0; break;
                    case TraceQueryField.Filter:
                        _hasFilter = true;
                        reader.Skip(OtlpLimits.NestingBound);
                        break;
                    default: reader.Skip(OtlpLimits.NestingBound); break;
                }
            }

            return QueryRequests.Problem(reader) ?? problem;
        }

        public string? Problem(int depthMax) =>
            RangeProblem(_from, _to, "start_time_min", "start_time_max")
            ?? _shortest.DurationProblem("duration_min")
            ?? _longest.DurationProblem("duration_max")
            ?? (_hasFilter ? "filter is not supported; use attributes and the other fields"
                : _depth < 0 || _depth > depthMax ? $"search_depth is {_depth}; expected at most {depthMax} (query.traces_max)"
                : LongestNanos < _shortest.ToNanos() ? "duration_min must not be longer than duration_max"
                : null);

        public TraceQuery ToQuery(int depthMax) => new(
            new TraceSearch
            {
                Service = _service,
                Operation = _operation,
                Tags = [.. _attributes.Select(attribute => (attribute.Key, attribute.Value))],
                Starts = new TimeRange(_from.ToTime(), _to.ToTime()),
                DurationNanosMin = _shortest.ToNanos(),
                DurationNanosMax = LongestNanos,
                TraceCountMax = _depth == 0 ? Math.Min(TraceQuery.SearchDepthDefault, depthMax) : _depth,
            },
            _isRaw);

        // Zero is as good as not set, as it is to Jaeger.
        ulong LongestNanos => _longest.ToNanos() is var nanos and not 0 ? nanos : ulong.MaxValue;

        string? ReadAttribute(ProtoReader entry)
        {
            string key = "", value = "";
            while (entry.Next())
            {
                switch (entry.Tag)
                {
                    case MapEntryField.Key: key = Text(ref entry); break;
                    case MapEntryField.Value: value = Text(ref entry); break;
                    default: entry.Skip(OtlpLimits.NestingBound); break;
                }
            }

            _attributes[key] = value;
            return QueryRequests.Problem(entry);
        }
    }
}
