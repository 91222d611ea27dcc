using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Jaeger.Performance;

/// <summary>Reads the parameters of <c>/api/metrics/…</c>; times and durations are milliseconds.</summary>
internal static class PerformanceParameters
{
    /// <summary>The smallest step, in milliseconds.</summary>
    public const int StepMillisMin = 1;

    const long LookbackMillisDefault = 3_600_000, StepMillisDefault = 5_000, WindowMillisDefault = 600_000;

    // How a list of services begins its next one in what older versions of Jaeger's UI send: service=a,service=b.
    const string JoinedService = ",service=";

    /// <param name="problem">What is wrong, for whoever asked.</param>
    public static bool TryRead(
        IQueryCollection query, PerformanceMetric metric, DateTimeOffset now, [NotNullWhen(true)] out PerformanceQuestion? question, out string problem)
    {
        question = null;
        if (!TryReadServices(query, out var services, out problem) || !TryReadIsByOperation(query, out var isByOperation, out problem)
            || !TryReadKinds(query, out var kinds, out problem)
            || !JaegerMillis.TryRead(query, "endTs", now.ToUnixTimeMilliseconds(), out var end, out problem)
            || !JaegerMillis.TryRead(query, "lookback", LookbackMillisDefault, out var lookback, out problem)
            || !TryReadLength(query, "step", StepMillisDefault, out var step, out problem) || !TryReadLength(query, "ratePer", WindowMillisDefault, out var window, out problem)
            || !TryReadQuantile(query, metric, out var quantile, out problem))
            return false;
        question = new PerformanceQuestion
        {
            Metric = metric,
            Services = services,
            Kinds = kinds,
            Quantile = quantile,
            IsByOperation = isByOperation,
            End = new UnixNanos(JaegerMillis.ToNanos(end)),
            LookbackNanos = JaegerMillis.ToNanos(lookback),
            StepNanos = JaegerMillis.ToNanos(step),
            WindowNanos = JaegerMillis.ToNanos(window),
        };
        return true;
    }

    static bool TryReadServices(IQueryCollection query, out IReadOnlyList<string> services, out string problem)
    {
        services = [.. query["service"].SelectMany(value => (value ?? "").Split(JoinedService)).Where(service => service.Length > 0).Distinct(StringComparer.Ordinal)];
        problem = services.Count > 0 ? "" : "unable to parse param 'service': please provide at least one service name";
        return services.Count > 0;
    }

    static bool TryReadIsByOperation(IQueryCollection query, out bool isByOperation, out string problem)
    {
        var text = query.First("groupByOperation");
        problem = "";
        if (GoBool.TryParse(text, out isByOperation))
            return true;
        problem = $"unable to parse param 'groupByOperation': {GoBool.Expectation}, received '{text}'";
        return false;
    }

    static bool TryReadKinds(IQueryCollection query, out IReadOnlyList<SpanKind> kinds, out string problem)
    {
        var read = new List<SpanKind>();
        kinds = read;
        problem = "";
        foreach (var text in query["spanKind"])
        {
            if (KindOf(text ?? "") is not { } kind)
            {
                problem = $"unable to parse param 'spanKind': '{text}' is not a span kind: expected internal, server, client, producer, consumer or unspecified";
                return false;
            }

            if (!read.Contains(kind))
                read.Add(kind);
        }

        if (read.Count == 0)
            read.Add(SpanKind.Server);
        return true;
    }

    // Older versions want the names of OTLP.
    static SpanKind? KindOf(string text)
    {
        const string Prefix = "SPAN_KIND_";
        var name = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        return name.Equals("unspecified", StringComparison.OrdinalIgnoreCase) ? SpanKind.Unspecified : TagCondition.KindOf(name);
    }

    static bool TryReadLength(IQueryCollection query, string name, long missing, out long millis, out string problem)
    {
        if (!JaegerMillis.TryRead(query, name, missing, out millis, out problem))
            return false;
        if (millis < StepMillisMin)
            problem = $"unable to parse param '{name}': it must not be less than {StepMillisMin} millisecond";
        return problem.Length == 0;
    }

    // Jaeger's UI sends it with all metrics; only latencies have one.
    static bool TryReadQuantile(IQueryCollection query, PerformanceMetric metric, out double quantile, out string problem)
    {
        var text = query.First("quantile");
        quantile = 0;
        problem = "";
        if (metric != PerformanceMetric.Latencies)
            return true;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out quantile) && quantile is >= 0 and <= 1)
            return true;
        problem = $"unable to parse param 'quantile': '{text}' is not a number from 0 to 1";
        return false;
    }
}
