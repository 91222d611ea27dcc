using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Analysis;

/// <summary>Spans of the traces up to <see cref="Last"/>, reduced to what counting needs.</summary>
/// <param name="withPeers">Whether the other sides that spans name are wanted, too.</param>
internal sealed class GatheredSpans(TraceId last, bool withPeers)
{
    readonly List<SpanMember> _members = [];
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
        var peers = withPeers ? new PeerNames(batch) : null;
        var spans = batch.Spans;
        for (var row = 0; row < batch.SpanCount; row++)
        {
            if (spans.TraceIds[row] > Last)
                continue;
            var peer = peers?.NameOf(row) is { } name ? CodeOf(name) : -1;
            _members.Add(new SpanMember(
                spans.TraceIds[row], spans.SpanIds[row], spans.ParentSpanIds[row], codes[batch.ResourceOf(row)], spans.Kinds[row], peer,
                spans.Statuses[row] == StatusCode.Error));
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

    /// <summary>Hands every trace to <paramref name="rule"/>, its members in order and with span ids told apart that two of them shared.</summary>
    public void ForEachTrace(CallRule rule, CallCounts calls)
    {
        _members.Sort();
        for (var rest = CollectionsMarshal.AsSpan(_members); rest.Length > 0;)
        {
            var id = rest[0].Trace;
            var end = 1;
            while (end < rest.Length && rest[end].Trace == id)
                end++;
            SeparateSharedIds(rest[..end]);
            rule(rest[..end], _services, calls);
            rest = rest[end..];
        }
    }

    // Leaves the members in order.
    static void SeparateSharedIds(Span<SpanMember> trace)
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

    int CodeOf(string service)
    {
        if (_serviceCodes.TryGetValue(service, out var code))
            return code;
        _serviceCodes.Add(service, _services.Count);
        _services.Add(service);
        return _services.Count - 1;
    }
}
