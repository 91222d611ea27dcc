namespace Clew.Cli.Load;

/// <param name="SpanCount">Spans acknowledged.</param>
/// <param name="Bytes">OTLP bytes of the acknowledged requests.</param>
/// <param name="RefusedCount">Answers that asked to try again later.</param>
/// <param name="UnansweredCount">Requests that no answer came to.</param>
/// <param name="FailedCount">Requests given up because the receiver will not take them.</param>
/// <param name="RejectedSpanCount">Spans rejected within acknowledged requests.</param>
internal readonly record struct LoadCounts(
    long SpanCount, long RequestCount, long Bytes, long RefusedCount, long UnansweredCount, long FailedCount, long RejectedSpanCount)
{
    public LoadCounts With(in SendResult result, int spanCount, int bytes) => result.Outcome switch
    {
        SendOutcome.Acknowledged => this with
        {
            SpanCount = SpanCount + spanCount - result.RejectedSpanCount,
            RequestCount = RequestCount + 1,
            Bytes = Bytes + bytes,
            RejectedSpanCount = RejectedSpanCount + result.RejectedSpanCount,
        },
        SendOutcome.Refused => this with { RefusedCount = RefusedCount + 1 },
        SendOutcome.Unanswered => this with { UnansweredCount = UnansweredCount + 1 },
        _ => this with { FailedCount = FailedCount + 1 },
    };
}
