using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>The attributes and fields that a query names, which answers show of each span that matches. Names, durations and what belongs to the whole trace are shown anyway.</summary>
internal static class ShownFields
{
    public static IReadOnlyList<(string Name, FieldExpression Field)> Of(Pipeline pipeline)
    {
        var shown = new List<(string, FieldExpression)>();
        foreach (var field in Fields(pipeline).DistinctBy(field => field.ToString()))
        {
            switch (field)
            {
                case FieldExpression.Attribute attribute:
                    shown.Add((attribute.Name, field));
                    break;
                case FieldExpression.Field { Intrinsic: not (Intrinsic.Name or Intrinsic.Duration or Intrinsic.TraceDuration or Intrinsic.RootName or Intrinsic.RootServiceName or Intrinsic.TraceId or Intrinsic.SpanId) }:
                    shown.Add((field.ToString(), field));
                    break;
            }
        }

        return shown;
    }

    /// <summary>What exemplars show: all that the query names of a span, as it is written in labels. Its ids are shown anyway.</summary>
    public static IReadOnlyList<(string Name, FieldExpression Field)> Of(MetricsExpression.Aggregate aggregate) =>
    [
        .. Fields(aggregate.Spans).Concat(aggregate.By).Concat(aggregate.Argument is { } argument ? Fields(argument) : [])
            .Where(field => field is not FieldExpression.Field { Intrinsic: Intrinsic.TraceId or Intrinsic.SpanId })
            .Select(field => (field.ToString(), field)).DistinctBy(field => field.Item1),
    ];

    static IEnumerable<FieldExpression> Fields(Pipeline pipeline) => pipeline.Stages.SelectMany(Fields);

    static IEnumerable<FieldExpression> Fields(PipelineStage stage) => stage switch
    {
        PipelineStage.Filter filter => Fields(filter.Expression),
        PipelineStage.Combine combine => Fields(combine.Left).Concat(Fields(combine.Right)),
        PipelineStage.ScalarFilter scalar => Fields(scalar.Left).Concat(Fields(scalar.Right)),
        PipelineStage.GroupBy group => Fields(group.Expression),
        PipelineStage.Select select => select.Fields.SelectMany(Fields),
        _ => [],
    };

    static IEnumerable<FieldExpression> Fields(ScalarExpression scalar) => scalar switch
    {
        ScalarExpression.Aggregate { Argument: { } argument } => Fields(argument),
        ScalarExpression.Binary binary => Fields(binary.Left).Concat(Fields(binary.Right)),
        ScalarExpression.Piped piped => Fields(piped.Pipeline).Concat(Fields(piped.Last)),
        _ => [],
    };

    // Operators in a row lean to the left, and may be as many as a query has: they are walked, not entered.
    static List<FieldExpression> Fields(FieldExpression expression)
    {
        var rights = new Stack<FieldExpression>();
        for (; expression is FieldExpression.Binary binary; expression = binary.Left)
            rights.Push(binary.Right);
        List<FieldExpression> fields = expression switch
        {
            FieldExpression.Attribute or FieldExpression.Field => [expression],
            FieldExpression.Negate negate => Fields(negate.Operand),
            FieldExpression.Not not => Fields(not.Operand),
            _ => [],
        };
        while (rights.TryPop(out var right))
            fields.AddRange(Fields(right));
        return fields;
    }
}
