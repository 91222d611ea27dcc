using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Binding;

/// <summary>The attributes and fields that a query names, which answers show of each span that matches. Names, durations and what belongs to the whole trace are shown anyway.</summary>
internal static class ShownFields
{
    public static IReadOnlyList<(string Name, FieldExpression Field)> Of(Pipeline pipeline)
    {
        var shown = new List<(string, FieldExpression)>();
        foreach (var field in FieldExpressions.Of(pipeline).Where(IsField).DistinctBy(field => field.ToString()))
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
        .. FieldExpressions.Of(aggregate)
            .Where(field => IsField(field) && field is not FieldExpression.Field { Intrinsic: Intrinsic.TraceId or Intrinsic.SpanId })
            .Select(field => (field.ToString(), field)).DistinctBy(field => field.Item1),
    ];

    static bool IsField(FieldExpression expression) => expression is FieldExpression.Attribute or FieldExpression.Field;
}
