namespace Clew.TraceQL.Tests.Meaning;

/// <summary>A time series; null where there is no sample.</summary>
sealed record NaiveSeries(IReadOnlyList<(string Name, Value Value)> Labels, double?[] Samples);
