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

    static IEnumerable<FieldExpression> Fields(FieldExpression expression) => expression switch
    {
        FieldExpression.Attribute or FieldExpression.Field => [expression],
        FieldExpression.Negate negate => Fields(negate.Operand),
        FieldExpression.Not not => Fields(not.Operand),
        FieldExpression.Binary binary => Fields(binary.Left).Concat(Fields(binary.Right)),
        _ => [],
    };
}
