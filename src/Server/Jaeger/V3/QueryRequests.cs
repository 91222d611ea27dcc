using System.Text;
using Clew.Model;
using Clew.Otlp;
using Clew.Otlp.Protobuf;
using Clew.Server.Queries;

namespace Clew.Server.Jaeger.V3;

/// <summary>Reads the requests of the gRPC service. Each method answers null for a good one, else what is wrong with it.</summary>
/// <remarks>As protobuf implementations do: unknown fields are passed over, of a field that comes twice the last one wins, of a map's keys too.</remarks>
internal static class QueryRequests
{
    const ulong NanosPerSecond = 1_000_000_000;

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
        UnixNanos? from = null, to = null;
        string? problem = null;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case GetDependenciesRequestField.StartTime: from = Timestamp(reader.Message(), "start_time", ref problem); break;
                case GetDependenciesRequestField.EndTime: to = Timestamp(reader.Message(), "end_time", ref problem); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        range = new TimeRange(from ?? UnixNanos.MinValue, to ?? UnixNanos.MaxValue);
        return Problem(reader) ?? problem ?? RangeProblem(from, to, "start_time", "end_time");
    }

    /// <summary>A <c>FindTracesRequest</c> or <c>FindTraceSummariesRequest</c>.</summary>
    public static string? ReadFind(ReadOnlySpan<byte> message, int depthMax, out TraceQuery query)
    {
        var draft = new Draft();
        string? problem = "missing query";
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader.Tag == FindRequestField.Query)
                problem = draft.Read(reader.Message());
            else
                reader.Skip(OtlpLimits.NestingBound);
        }

        problem = Problem(reader) ?? problem ?? draft.Problem(depthMax);
        query = draft.ToQuery(depthMax);
        return problem;
    }

    static string? Problem(ProtoReader reader) => reader.IsSound ? null : $"the request is malformed at byte {reader.FaultOffset}: {reader.Describe()}";

    static string? RangeProblem(UnixNanos? from, UnixNanos? to, string min, string max) =>
        from is null || to is null ? $"{min} and {max} are required" : from > to ? $"{min} must be before {max}" : null;

    static string Text(ref ProtoReader reader) => Encoding.UTF8.GetString(reader.Bytes());

    static UnixNanos? Timestamp(ProtoReader message, string name, ref string? problem)
    {
        if (!TryReadTime(message, out var seconds, out var nanos) || nanos is < 0 or >= (long)NanosPerSecond)
            problem ??= $"{name} is not a google.protobuf.Timestamp";

        // Times before 1970 and after 2554 are as good as none: no span has such a time.
        return seconds < 0 ? UnixNanos.MinValue
            : (ulong)seconds >= ulong.MaxValue / NanosPerSecond ? UnixNanos.MaxValue
            : new UnixNanos((ulong)seconds * NanosPerSecond).Plus((ulong)Math.Max(nanos, 0));
    }

    static ulong Duration(ProtoReader message, string name, ref string? problem)
    {
        if (!TryReadTime(message, out var seconds, out var nanos) || nanos >= (long)NanosPerSecond)
            problem ??= $"{name} is not a google.protobuf.Duration";
        else if (seconds < 0 || nanos < 0)
            problem ??= $"{name} is negative";
        return (ulong)seconds >= ulong.MaxValue / NanosPerSecond ? ulong.MaxValue : ((ulong)seconds * NanosPerSecond) + (ulong)nanos;
    }

    static bool TryReadTime(ProtoReader message, out long seconds, out long nanos)
    {
        (seconds, nanos) = (0, 0);
        while (message.Next())
        {
            switch (message.Tag)
            {
                case TimeField.Seconds: seconds = (long)message.Varint(); break;
                case TimeField.Nanos: nanos = (int)message.Varint(); break;
                default: message.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return message.IsSound;
    }

    /// <summary>A <c>TraceQueryParameters</c> while it is read.</summary>
    sealed class Draft
    {
        readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);
        string _service = "", _operation = "";
        UnixNanos? _from, _to;
        ulong _shortest, _longest;
        int _depth;
        bool _isRaw, _hasFilter;

        public string? Read(ProtoReader reader)
        {
            string? problem = null;
            while (reader.Next())
            {
                switch (reader.Tag)
                {
                    case TraceQueryField.ServiceName: _service = Text(ref reader); break;
                    case TraceQueryField.OperationName: _operation = Text(ref reader); break;
                    case TraceQueryField.Attributes: ReadAttribute(reader.Message(), ref problem); break;
                    case TraceQueryField.StartTimeMin: _from = Timestamp(reader.Message(), "start_time_min", ref problem); break;
                    case TraceQueryField.StartTimeMax: _to = Timestamp(reader.Message(), "start_time_max", ref problem); break;
                    case TraceQueryField.DurationMin: _shortest = Duration(reader.Message(), "duration_min", ref problem); break;
                    case TraceQueryField.DurationMax: _longest = Duration(reader.Message(), "duration_max", ref problem); break;
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
            ?? (_hasFilter ? "filter is not supported; use attributes and the other fields"
                : _depth < 0 || _depth > depthMax ? $"search_depth is {_depth}; expected at most {depthMax} (query.traces_max)"
                : _longest > 0 && _longest < _shortest ? "duration_min must not be longer than duration_max"
                : null);

        // A zero of proto3 is a field that was not set.
        public TraceQuery ToQuery(int depthMax) => new(
            new TraceSearch
            {
                Service = _service,
                Operation = _operation,
                Tags = [.. _attributes.Select(attribute => (attribute.Key, attribute.Value))],
                Starts = new TimeRange(_from ?? UnixNanos.MinValue, _to ?? UnixNanos.MaxValue),
                DurationNanosMin = _shortest,
                DurationNanosMax = _longest == 0 ? ulong.MaxValue : _longest,
                TraceCountMax = _depth == 0 ? Math.Min(TraceQuery.SearchDepthDefault, depthMax) : _depth,
            },
            _isRaw);

        void ReadAttribute(ProtoReader entry, ref string? problem)
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

            problem ??= QueryRequests.Problem(entry);
            _attributes[key] = value;
        }
    }
}
