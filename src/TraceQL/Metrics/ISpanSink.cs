using Clew.Model;
using Clew.TraceQL.Operators;

namespace Clew.TraceQL.Metrics;

/// <summary>Takes the spans that metrics are worked out of: one implementation counts them by group, another compares them by all their attributes. For one thread.</summary>
internal interface ISpanSink
{
    void Open(SpanBatch batch);

    /// <summary>Only when whole traces are looked at.</summary>
    void Enter(TraceView trace);

    /// <summary>Takes a span that starts within the time that counts.</summary>
    void Count(int row);
}
