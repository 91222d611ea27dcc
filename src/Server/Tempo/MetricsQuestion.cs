using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Syntax;

namespace Clew.Server.Tempo;

/// <summary>A question for time series as it was asked, over HTTP or gRPC.</summary>
internal sealed record MetricsQuestion
{
    public const int ExemplarsMax = 100, SeriesMax = 1_000;

    public required string Text { get; init; }

    public required UnixNanos Start { get; init; }

    public required UnixNanos End { get; init; }

    /// <summary>One value for the whole range.</summary>
    public bool IsInstant { get; init; }

    /// <summary>0 for one that fits the range.</summary>
    public ulong StepNanos { get; init; }

    /// <summary>0 for the most there are.</summary>
    public int Exemplars { get; init; }

    /// <summary>0 for the usual.</summary>
    public int Series { get; init; }

    /// <summary>Makes of it what the engine is asked.</summary>
    /// <param name="problem">What is wrong with it, for whoever asked.</param>
    public bool TryCompile(QueryOptions options, [NotNullWhen(true)] out Query? query, [NotNullWhen(true)] out MetricsRequest? request, out string problem)
    {
        request = null;
        problem = "";
        if (!TraceQLQuery.TryCompile(Text, out query, out var error))
            problem = error.ToString();
        else if (query.Metrics is null)
            problem = "not a metrics query: expected one of its functions at the end, as in { } | rate()";
        else if (End <= Start)
            problem = $"http parameter start must be before end. received start={Start} end={End}";
        else if (Exemplars < 0 || Series < 0)
            problem = "invalid exemplars or maxSeries: must not be negative";
        if (problem.Length > 0 || query is null)
            return false;
        var step = IsInstant ? 0 : StepNanos > 0 ? StepNanos : DefaultStepNanos(Start.NanosUntil(End));
        if (step > 0 && TimeGrid.Of(Start, End, step) is null)
        {
            problem = $"the step of {GoDuration.Format((long)Math.Min(step, long.MaxValue))} is too small: the answer would have more than {TimeGrid.StepCountMax} points";
            return false;
        }

        request = new MetricsRequest
        {
            Start = Start, End = End, StepNanos = step, Budget = options.Budget,
            ExemplarsMax = Exemplars == 0 ? ExemplarsMax : Math.Min(Exemplars, ExemplarsMax), ExemplarsCap = ExemplarsMax, SeriesMax = Series == 0 ? SeriesMax : Series,
        };
        return true;
    }

    /// <summary>About 240 points, at a step that people count in; for less than a minute, in steps of 50 ms.</summary>
    internal static ulong DefaultStepNanos(ulong rangeNanos)
    {
        const ulong Second = 1_000_000_000, FewMillis = 50_000_000;
        var step = rangeNanos / 240;
        if (rangeNanos < 60 * Second)
            return Math.Max(step - step % FewMillis, FewMillis);
        ulong[] units = [3_600 * Second, 300 * Second, 60 * Second, 15 * Second, 5 * Second, Second];
        var unit = Array.Find(units, unit => unit <= step);
        return unit == 0 ? Second : step - step % unit;
    }
}
