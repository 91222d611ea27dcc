namespace Clew.TraceQL.Tests.Meaning;

/// <summary>An instrumentation library, and the resource it runs in.</summary>
sealed record PlainScope((string Key, object? Value)[] Resource, string Name = "", string Version = "", params (string Key, object? Value)[] Attributes)
{
    public static PlainScope None { get; } = new([]);
}
