using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

/// <summary>A span as an object. Attribute values are C# values: string, bool, int, long, double, byte[], object[] for an array, tuples for a map, null for an empty value.</summary>
sealed record PlainSpan
{
    public required TraceId Trace { get; init; }
    public required ulong Id { get; init; }
    public ulong Parent { get; init; }
    public required ulong Start { get; init; }
    public required ulong End { get; init; }
    public string Name { get; init; } = "";
    public SpanKind Kind { get; init; }
    public StatusCode Status { get; init; }
    public string Message { get; init; } = "";
    public string State { get; init; } = "";
    public (string Key, object? Value)[] Attributes { get; init; } = [];
    public PlainScope Scope { get; init; } = PlainScope.None;
    public PlainEvent[] Events { get; init; } = [];
    public PlainLink[] Links { get; init; } = [];
}
