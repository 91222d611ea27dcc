namespace Clew.Server.Jaeger.Performance;

/// <summary>The points of one service, or of one of its operations.</summary>
/// <param name="Operation">Null where operations are not asked for.</param>
/// <param name="Values">One for each point; NaN where there is none.</param>
internal sealed record PerformanceSeries(string Service, string? Operation, double[] Values);
