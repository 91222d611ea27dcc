namespace Clew.TraceQL.Tests.Meaning;

/// <summary>A duration among plain values, where an integer is a long.</summary>
readonly record struct Nanos(long Count);
