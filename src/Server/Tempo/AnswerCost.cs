using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Tags;

namespace Clew.Server.Tempo;

/// <summary>What an answer took, as Tempo counts it. The whole query is one job, which is not completed when a bound of the budget ended it.</summary>
internal readonly record struct AnswerCost(long TraceCount, long Bytes, long SpanCount, long BlockCount, bool IsComplete)
{
    public static AnswerCost Of(QueryReport report) => Of(report.Reads) with { TraceCount = report.TraceCount };

    /// <summary>As many values as were asked for are an answer that is complete.</summary>
    public static AnswerCost Of(TagValuesResult values) => Of(values.Reads) is var cost && values.IsCut ? cost with { IsComplete = true } : cost;

    public static AnswerCost Of(ReadMeter reads) => new(0, reads.Bytes, reads.RowCount, reads.BlockCount + reads.PrunedBlockCount, reads.CutBy is null);
}
