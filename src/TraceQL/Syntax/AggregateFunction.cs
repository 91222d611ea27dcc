namespace Clew.TraceQL.Syntax;

public enum AggregateFunction : byte
{
    Count, Min, Max, Sum, Avg,
}
