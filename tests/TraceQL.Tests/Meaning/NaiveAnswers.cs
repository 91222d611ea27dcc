using System.Globalization;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Searching;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>Answers as texts to compare, whoever worked them out.</summary>
static class NaiveAnswers
{
    public static string Of(IEnumerable<FoundTrace> traces, Func<FoundTrace, FoundSpan, string> spanText) =>
        Joined(traces.Select(trace => (trace.Id.ToString(), trace.Spansets.Select(set => Of(set.Spans.Select(span => spanText(trace, span)), set.Attributes)))));

    public static string Of(IEnumerable<(PlainTrace Trace, List<NaiveSet> Sets)> traces, Func<PlainSpan, string> spanText) =>
        Joined(traces.Where(trace => trace.Sets.Count > 0).Select(trace => (
            trace.Trace.Spans[0].Trace.ToString(),
            trace.Sets.Select(set => Of(set.Spans.Select(spanText), set.Attributes.Select(attribute => (attribute.Name, PlainValues.ToValue(attribute.Value))))))));

    /// <param name="digits">Sums in another order differ in the last digits.</param>
    public static string Of(IEnumerable<MetricSeries> series, int digits = 10) =>
        Of(series.Select(one => new NaiveSeries([.. one.Labels.Select(label => (label.Name, label.Value))], [.. one.Samples.Select(sample => double.IsNaN(sample) ? (double?)null : sample)])), digits);

    public static string Of(IEnumerable<NaiveSeries> series, int digits = 10)
    {
        var texts = InOrder(series).Select(one => $"{{{string.Join(", ", one.Labels.Select(label => $"{label.Name}={label.Value}"))}}} {string.Join(' ', one.Samples.Select(sample => Of(sample, digits)))}");
        return string.Join(" ; ", texts) is { Length: > 0 } text ? text : "nothing";
    }

    /// <summary>By number of labels, then by names, then by values.</summary>
    public static List<NaiveSeries> InOrder(IEnumerable<NaiveSeries> series) =>
        [.. series.OrderBy(one => new SeriesLabels([.. one.Labels.Select(label => new MetricLabel(label.Name, label.Value))]))];

    static string Joined(IEnumerable<(string Id, IEnumerable<string> Sets)> traces)
    {
        var texts = traces.OrderBy(trace => trace.Id, StringComparer.Ordinal).Select(trace => string.Join(" | ", trace.Sets.Order(StringComparer.Ordinal)));
        return string.Join(" / ", texts) is { Length: > 0 } text ? text : "nothing";
    }

    static string Of(IEnumerable<string> spans, IEnumerable<(string Name, Value Value)> attributes)
    {
        var list = string.Join(' ', spans.Order(StringComparer.Ordinal));
        var said = string.Join(", ", attributes.Select(attribute => $"{attribute.Name}={attribute.Value}"));
        return said.Length == 0 ? list : $"{list} [{said}]";
    }

    static string Of(double? sample, int digits) => sample is { } number ? (number + 0.0).ToString($"G{digits}", CultureInfo.InvariantCulture) : "-";
}
