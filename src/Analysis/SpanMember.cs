using Clew.Model;

namespace Clew.Analysis;

/// <summary>One span, reduced to what counting calls needs, ordered by trace, span, service and kind. Services are codes of <see cref="GatheredSpans"/>.</summary>
/// <param name="Peer">The service on the other side, as far as the span names it; -1 where it does not, or nobody asked.</param>
internal readonly record struct SpanMember(TraceId Trace, SpanId Span, SpanId Parent, int Service, SpanKind Kind, int Peer = -1, bool IsError = false) : IComparable<SpanMember>
{
    public bool IsSameSpan(in SpanMember other) => Trace == other.Trace && Span == other.Span && Service == other.Service;

    public int CompareTo(SpanMember other) =>
        Trace.CompareTo(other.Trace) is var byTrace and not 0 ? byTrace
        : Span.CompareTo(other.Span) is var bySpan and not 0 ? bySpan
        : Service.CompareTo(other.Service) is var byService and not 0 ? byService
        : Kind.CompareTo(other.Kind);

    /// <summary>The first member with that span id; -1 when there is none.</summary>
    /// <param name="trace">The members of one trace, in order.</param>
    public static int IndexOf(ReadOnlySpan<SpanMember> trace, SpanId span)
    {
        var at = trace.BinarySearch(new SpanMember(trace[0].Trace, span, default, -1, default));
        var next = at < 0 ? ~at : at;
        return next < trace.Length && trace[next].Span == span ? next : -1;
    }
}
