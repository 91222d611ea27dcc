using Clew.Model;

namespace Clew.Analysis;

/// <summary>Which service calls which, counted over the spans of many traces: a call is a span whose parent belongs to another service.</summary>
/// <remarks>
/// A parent and its child may lie in any two batches, so all spans of a trace have to be at hand. Not all traces can be: spans are gathered for a range of
/// trace ids, and when there are too many of them the range shrinks to its lower half and what lies above is gathered by a later pass.
/// </remarks>
public static class DependencyGraph
{
    /// <summary>Spans that are held at one time unless told otherwise; 40 bytes each.</summary>
    public const int GatheredCountMax = 2_000_000;

    static readonly TraceId LastId = new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>The calls between services, by caller, then callee.</summary>
    /// <param name="gatheredCountMax">Bounds the memory: at least 1. A single trace with more spans than that still is gathered whole.</param>
    public static async Task<IReadOnlyList<ServiceCall>> ReadAsync(
        ITraceStore store, TimeRange starts, CancellationToken cancellation, int gatheredCountMax = GatheredCountMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gatheredCountMax, 1);
        var calls = new Dictionary<(string Caller, string Callee), long>();
        var first = default(TraceId);
        while (true)
        {
            var gathered = await GatherAsync(store, starts, first, gatheredCountMax, cancellation);
            gathered.CountCalls(calls);
            if (gathered.Last == LastId)
                return [.. calls.OrderBy(call => call.Key).Select(call => new ServiceCall(call.Key.Caller, call.Key.Callee, call.Value))];
            first = After(gathered.Last);
        }
    }

    static async Task<Gathered> GatherAsync(ITraceStore store, TimeRange starts, TraceId first, int countMax, CancellationToken cancellation)
    {
        var gathered = new Gathered(LastId);
        await foreach (var batch in store.ScanAsync(starts, first, LastId, cancellation).WithCancellation(cancellation))
        {
            gathered.Add(batch);
            if (gathered.Count > countMax)
                gathered.KeepLowerHalf();
        }

        return gathered;
    }

    static TraceId After(TraceId id) => id.Low == ulong.MaxValue ? new TraceId(id.High + 1, 0) : id with { Low = id.Low + 1 };

    readonly record struct Member(TraceId Trace, SpanId Span, SpanId Parent, int Service);

    /// <summary>Spans of the traces up to <see cref="Last"/>, reduced to what counting needs.</summary>
    sealed class Gathered(TraceId last)
    {
        readonly List<Member> _members = [];
        readonly List<string> _services = [];
        readonly Dictionary<string, int> _serviceCodes = new(StringComparer.Ordinal);
        bool _isOneTrace;

        public TraceId Last { get; private set; } = last;

        public int Count => _members.Count;

        public void Add(SpanBatch batch)
        {
            var codes = new int[batch.Resources.Count];
            for (var resource = 0; resource < codes.Length; resource++)
                codes[resource] = CodeOf(ServiceName.Of(batch, resource));
            var spans = batch.Spans;
            for (var row = 0; row < batch.SpanCount; row++)
            {
                if (spans.TraceIds[row] <= Last)
                    _members.Add(new Member(spans.TraceIds[row], spans.SpanIds[row], spans.ParentSpanIds[row], codes[batch.ResourceOf(row)]));
            }
        }

        public void KeepLowerHalf()
        {
            if (_isOneTrace)
                return;
            _members.Sort(static (left, right) => left.Trace.CompareTo(right.Trace));
            var lowest = _members[0].Trace;
            var middle = _members[_members.Count / 2].Trace;
            if (middle == lowest)
            {
                // One trace fills half the room by itself: it is the whole range.
                Last = lowest;
                _isOneTrace = true;
                _members.RemoveAll(member => member.Trace > lowest);
                return;
            }

            var kept = _members.FindIndex(member => member.Trace == middle);
            Last = _members[kept - 1].Trace;
            _members.RemoveRange(kept, _members.Count - kept);
        }

        public void CountCalls(Dictionary<(string, string), long> calls)
        {
            // A span sent twice is one call.
            var services = new Dictionary<(TraceId, SpanId), int>(_members.Count);
            foreach (var member in _members)
                services.TryAdd((member.Trace, member.Span), member.Service);
            var counted = new HashSet<(TraceId, SpanId, int)>();
            foreach (var member in _members)
            {
                if (member.Parent.IsAbsent
                    || !services.TryGetValue((member.Trace, member.Parent), out var caller)
                    || caller == member.Service
                    || !counted.Add((member.Trace, member.Span, member.Service)))
                    continue;
                var call = (_services[caller], _services[member.Service]);
                calls[call] = calls.GetValueOrDefault(call) + 1;
            }
        }

        int CodeOf(string service)
        {
            if (_serviceCodes.TryGetValue(service, out var code))
                return code;
            _serviceCodes.Add(service, _services.Count);
            _services.Add(service);
            return _services.Count - 1;
        }
    }
}
