namespace Clew.TraceQL.Syntax;

public enum MetricsFunction : byte
{
    Rate, CountOverTime, MinOverTime, MaxOverTime, SumOverTime, AvgOverTime, HistogramOverTime, QuantileOverTime,
}
