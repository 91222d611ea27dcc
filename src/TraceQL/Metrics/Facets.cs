using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Metrics;

/// <summary>Statistics of all attributes of the spans that a pipeline leaves: a <c>compare()</c> that selects every one of them.</summary>
public static class Facets
{
    /// <summary>Values of an attribute that can be asked for.</summary>
    public const int ValuesMax = 1_000;

    const string Selection = "selection", SelectionTotal = "selection_total", Kind = "__meta_type", Problem = "__meta_error";

    /// <param name="valuesMax">Of each attribute.</param>
    public static Query QueryFor(Pipeline spans, int valuesMax) =>
        new(null, new MetricsExpression.Compare(spans, new PipelineStage.Filter(new FieldExpression.Constant(Value.OfBool(true))), valuesMax, 0, 0), []);

    /// <summary>What the answer to <see cref="QueryFor"/>, over one bucket of time, says.</summary>
    /// <returns>Those on most spans first, then by name.</returns>
    public static IReadOnlyList<AttributeFacet> Read(MetricsResult result)
    {
        var totals = new Dictionary<string, long>();
        var values = new Dictionary<string, List<(Value Value, long Count)>>();
        var overflows = new HashSet<string>();
        foreach (var series in result.Series)
        {
            var (name, value) = series.Labels[^1];
            var kind = series.Labels.First(label => label.Name == Kind).Value.Text;
            if (series.Labels.Any(label => label.Name == Problem))
                overflows.Add(name);
            else if (kind == SelectionTotal)
                totals[name] = (long)series.Samples[0];
            else if (kind == Selection)
                ListOf(values, name).Add((value, (long)series.Samples[0]));
        }

        return
        [
            .. totals.Select(total => new AttributeFacet(
                    total.Key, total.Value, [.. ListOf(values, total.Key).OrderByDescending(value => value.Count).ThenBy(value => value.Value.ToString(), StringComparer.Ordinal)],
                    overflows.Contains(total.Key)))
                .OrderByDescending(facet => facet.SpanCount).ThenBy(facet => facet.Name, StringComparer.Ordinal),
        ];
    }

    static List<(Value Value, long Count)> ListOf(Dictionary<string, List<(Value Value, long Count)>> lists, string name)
    {
        if (!lists.TryGetValue(name, out var list))
            lists.Add(name, list = []);
        return list;
    }
}
