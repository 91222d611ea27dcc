namespace Clew.EndToEnd.Tests.Wire;

internal sealed record OtlpEvent(long TimeNanos, string Name, OtlpAttribute[] Attributes);
