using Clew.Model;
using Clew.TraceQL;

namespace Clew.Server.Tempo;

/// <summary>What an answer took, as Tempo counts it. The whole query is one job, which is not completed when a bound of the budget ended it.</summary>
internal readonly record struct AnswerCost(long TraceCount, long Bytes, long SpanCount, long BlockCount, bool IsComplete)
{
    public static AnswerCost Of(QueryReport report) => Of(report.Reads) with { TraceCount = report.TraceCount };

    public static AnswerCost Of(ReadMeter reads) => new(0, reads.Bytes, reads.RowCount, reads.BlockCount + reads.PrunedBlockCount, reads.Spent is null);
}
