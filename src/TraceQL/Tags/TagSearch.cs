using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Operators;
using Clew.TraceQL.Operators.Fields;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tags;

/// <summary>Says which attributes stored spans have, and which values: what an editor offers while a query is typed. May be asked by any number of threads at once.</summary>
/// <param name="memory">What all queries have together; null for as much as each likes.</param>
public sealed class TagSearch(ITraceStore store, TimeProvider time, QueryMemory? memory = null)
{
    /// <summary>The keys of attributes of spans that start within a range, and a few of others perhaps.</summary>
    /// <param name="filter">Only spans that this leaves; null for all, which is much cheaper.</param>
    /// <exception cref="QueryFailedException">The filter has no meaning for one of the traces, or a regular expression of it takes too long.</exception>
    /// <exception cref="NoMemoryException">Other queries have all memory that there is for queries, and nothing was found without.</exception>
    public async Task<TagNamesResult> FindNamesAsync(TimeRange starts, Pipeline? filter, QueryBudget budget, CancellationToken cancellation)
    {
        var plan = PlanFor(starts, budget, cancellation);
        if (filter is null || IsEverySpan(filter))
        {
            var all = await QueryAnswer.GetAsync(plan.Work.Meter, () => store.FindAttributeKeysAsync(starts, plan.Work.Meter, cancellation), found => found.Count);
            return new TagNamesResult(all, plan.Work.Meter);
        }

        var needs = new Needs(new SpanProjection(SpanFields.Events | SpanFields.Links) { HasAllAttributes = true }, Trace: false);
        var scan = new MetricsScan(store, filter, RequestFor(starts, budget), plan);
        var sinks = await QueryAnswer.GetAsync(
            plan.Work.Meter, () => scan.RunAsync(needs, () => new TagNameSink(plan), cancellation), found => found.Sum(sink => ((TagNameSink)sink).Names.Count));
        var names = sinks.SelectMany(sink => ((TagNameSink)sink).Names).Distinct();
        return new TagNamesResult([.. names.OrderBy(name => name.Owner).ThenBy(name => name.Key, StringComparer.Ordinal)], plan.Work.Meter);
    }

    /// <summary>The distinct values of a field over the spans that start within a range and that a filter leaves.</summary>
    /// <remarks>
    /// Of an attribute without a scope, those on spans and those on resources. Where the filter asks for one value of that very field, that one alone. Status and kind have
    /// the values they can have; identities, durations and places in the tree are too many to be chosen from, so there are none.
    /// </remarks>
    /// <exception cref="QueryFailedException">The filter has no meaning for one of the traces, or a regular expression of it takes too long.</exception>
    /// <exception cref="NoMemoryException">Other queries have all memory that there is for queries, and nothing was found without.</exception>
    public async Task<TagValuesResult> FindValuesAsync(
        FieldExpression field, TimeRange starts, Pipeline? filter, int countMax, QueryBudget budget, CancellationToken cancellation)
    {
        var plan = PlanFor(starts, budget, cancellation);
        if (field is FieldExpression.Field { Intrinsic: var intrinsic } && OfEverySpan(intrinsic) is { } all)
            return new TagValuesResult(all, IsCut: false, plan.Work.Meter);
        var fields = Places(field);
        var spans = filter ?? new Pipeline([new PipelineStage.Filter(new FieldExpression.Constant(Value.OfBool(true)))]);
        var scan = new MetricsScan(store, spans, RequestFor(starts, budget), plan);
        var sinks = await QueryAnswer.GetAsync(
            plan.Work.Meter, () => scan.RunAsync(Needs.OfAll(fields), () => new TagValueSink([.. fields.Select(FieldBinder.Bind)], countMax, plan), cancellation),
            found => found.Sum(sink => ((TagValueSink)sink).Values.Count));
        var asked = AskedFor(field, spans);
        var values = sinks.SelectMany(sink => ((TagValueSink)sink).Values).Distinct().Where(value => asked is not { } one || Comparison.Holds(BinaryOperator.Equal, Cell.Of(value), Cell.Of(one)))
            .OrderBy(value => value.Type).ThenBy(value => value.IsNumber ? value.Number : 0).ThenBy(value => value.Text, StringComparer.Ordinal).ToList();
        var isCut = values.Count > countMax;
        return new TagValuesResult(isCut ? values[..countMax] : values, isCut, plan.Work.Meter);
    }

    static ImmutableArray<FieldExpression> Places(FieldExpression field) => field is FieldExpression.Attribute { Scope: AttributeScope.None } attribute
        ? [attribute with { Scope = AttributeScope.Span }, attribute with { Scope = AttributeScope.Resource }]
        : [field];

    static IReadOnlyList<Value>? OfEverySpan(Intrinsic intrinsic) => intrinsic switch
    {
        Intrinsic.Status => [Value.OfStatus(StatusCode.Ok), Value.OfStatus(StatusCode.Error), Value.OfStatus(StatusCode.Unset)],
        Intrinsic.Kind =>
        [
            Value.OfKind(SpanKind.Client), Value.OfKind(SpanKind.Server), Value.OfKind(SpanKind.Producer), Value.OfKind(SpanKind.Consumer), Value.OfKind(SpanKind.Internal),
            Value.OfKind(SpanKind.Unspecified),
        ],
        Intrinsic.Name or Intrinsic.StatusMessage or Intrinsic.RootName or Intrinsic.RootServiceName or Intrinsic.EventName
            or Intrinsic.InstrumentationName or Intrinsic.InstrumentationVersion => null,
        _ => [],
    };

    /// <summary>The one value of a field that a filter leaves; null when there may be several.</summary>
    static Value? AskedFor(FieldExpression field, Pipeline spans) =>
        spans.Stages is [PipelineStage.Filter filter] ? AskedFor(field.ToString(), filter.Expression) : null;

    static Value? AskedFor(string field, FieldExpression filter) => filter switch
    {
        FieldExpression.Binary { Operator: BinaryOperator.And } both => AskedFor(field, both.Left) ?? AskedFor(field, both.Right),
        FieldExpression.Binary { Operator: BinaryOperator.Equal, Right: FieldExpression.Constant constant } equal when equal.Left.ToString() == field => constant.Value,
        _ => null,
    };

    static bool IsEverySpan(Pipeline filter) => filter.Stages is [PipelineStage.Filter { Expression: FieldExpression.Constant { Value.IsTrue: true } }];

    static MetricsRequest RequestFor(TimeRange starts, QueryBudget budget) => new() { Start = starts.From, End = starts.To, Budget = budget };

    MetricsPlan PlanFor(TimeRange starts, QueryBudget budget, CancellationToken cancellation) => new(
        TimeGrid.Instant(starts.From, starts.To), new MetricsHints(null, Extrapolate: false), ExemplarsMax: 0, Shown: [],
        new QueryWork(budget.NewMeter(time, memory, cancellation)));
}
