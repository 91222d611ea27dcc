namespace Clew.TraceQL.Tests.Meaning;

sealed record PlainEvent(ulong Time, string Name, params (string Key, object? Value)[] Attributes);
