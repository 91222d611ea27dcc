using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Analysis;

/// <summary>Which service calls which, counted over the spans of many traces: a call is a span whose parent belongs to another service.</summary>
/// <remarks>
/// A parent and its child may lie in any two batches, so all spans of a trace have to be at hand. Not all traces can be: spans are gathered by ranges of trace
/// ids, each as wide as is thought to fill most of the room. Ids are meant to be uniform, so the first width follows from how many spans are stored, and each
/// next one from how many the range before it held. A range that proves too full shrinks to its lower half, and what lies above is gathered again later.
/// </remarks>
public static class DependencyGraph
{
    /// <summary>Spans that are held at one time unless told otherwise; 40 bytes each.</summary>
    public const int GatheredCountMax = 1_000_000;

    /// <summary>The calls between services, by caller, then callee.</summary>
    /// <param name="gatheredCountMax">Bounds the memory: at least 1. A single trace with more spans than that still is gathered whole.</param>
    public static async Task<IReadOnlyList<ServiceCall>> ReadAsync(
        ITraceStore store, TimeRange starts, CancellationToken cancellation, int gatheredCountMax = GatheredCountMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gatheredCountMax, 1);
        var calls = new Dictionary<(string Caller, string Callee), long>();
        var widths = new RangeWidths(gatheredCountMax, store.Statistics.SpanCount);
        var first = UInt128.Zero;
        while (true)
        {
            var last = UInt128.MaxValue - first < widths.Next ? UInt128.MaxValue : first + widths.Next;
            var gathered = await GatherAsync(store, starts, IdOf(first), IdOf(last), gatheredCountMax, cancellation);
            gathered.CountCalls(calls);
            last = NumberOf(gathered.Last);
            if (last == UInt128.MaxValue)
                return [.. calls.OrderBy(call => call.Key).Select(call => new ServiceCall(call.Key.Caller, call.Key.Callee, call.Value))];
            widths.Learn(last - first, gathered.Count);
            first = last + 1;
        }
    }

    static async Task<Gathered> GatherAsync(
        ITraceStore store, TimeRange starts, TraceId first, TraceId last, int countMax, CancellationToken cancellation)
    {
        var gathered = new Gathered(last);
        await foreach (var batch in store.ScanAsync(starts, first, last, cancellation).WithCancellation(cancellation))
        {
            gathered.Add(batch);
            if (gathered.Count > countMax)
                gathered.KeepLowerHalf();
        }

        return gathered;
    }

    static TraceId IdOf(UInt128 number) => new((ulong)(number >> 64), (ulong)number);

    static UInt128 NumberOf(TraceId id) => new(id.High, id.Low);

    /// <summary>One span, ordered by trace, span, service and kind.</summary>
    readonly record struct Member(TraceId Trace, SpanId Span, SpanId Parent, int Service, SpanKind Kind) : IComparable<Member>
    {
        public bool IsSameSpan(in Member other) => Trace == other.Trace && Span == other.Span && Service == other.Service;

        public int CompareTo(Member other) =>
            Trace.CompareTo(other.Trace) is var byTrace and not 0 ? byTrace
            : Span.CompareTo(other.Span) is var bySpan and not 0 ? bySpan
            : Service.CompareTo(other.Service) is var byService and not 0 ? byService
            : Kind.CompareTo(other.Kind);
    }

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
                    _members.Add(new Member(spans.TraceIds[row], spans.SpanIds[row], spans.ParentSpanIds[row], codes[batch.ResourceOf(row)], spans.Kinds[row]));
            }
        }

        public void KeepLowerHalf()
        {
            if (_isOneTrace)
                return;
            _members.Sort();
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
            _members.Sort();
            for (var rest = CollectionsMarshal.AsSpan(_members); rest.Length > 0;)
            {
                var id = rest[0].Trace;
                var end = 1;
                while (end < rest.Length && rest[end].Trace == id)
                    end++;
                CountCalls(rest[..end], calls);
                rest = rest[end..];
            }
        }

        void CountCalls(Span<Member> trace, Dictionary<(string, string), long> calls)
        {
            SeparateSharedIds(trace);
            for (var at = 0; at < trace.Length; at++)
            {
                var member = trace[at];

                // A span sent twice is one call.
                if (member.Parent.IsAbsent || (at > 0 && trace[at - 1].IsSameSpan(member)))
                    continue;
                var caller = ServiceOf(trace, member.Parent);
                if (caller < 0 || caller == member.Service)
                    continue;
                var call = (_services[caller], _services[member.Service]);
                calls[call] = calls.GetValueOrDefault(call) + 1;
            }
        }

        // Leaves the members in order.
        static void SeparateSharedIds(Span<Member> trace)
        {
            var count = trace.Length;
            SpanId[] spanIds = new SpanId[count], parentIds = new SpanId[count];
            var kinds = new SpanKind[count];
            for (var at = 0; at < count; at++)
                (spanIds[at], parentIds[at], kinds[at]) = (trace[at].Span, trace[at].Parent, trace[at].Kind);
            SpanIdentities.Separate(spanIds, parentIds, kinds);
            for (var at = 0; at < count; at++)
                trace[at] = trace[at] with { Span = spanIds[at], Parent = parentIds[at] };
            trace.Sort();
        }

        // The members are in order; -1 when there is no such span.
        static int ServiceOf(ReadOnlySpan<Member> trace, SpanId span)
        {
            var at = trace.BinarySearch(new Member(trace[0].Trace, span, default, -1, default));
            var next = at < 0 ? ~at : at;
            return next < trace.Length && trace[next].Span == span ? trace[next].Service : -1;
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
