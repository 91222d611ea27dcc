namespace Clew.EndToEnd.Tests.Wire;

/// <summary>Ids are lower-case hexadecimal.</summary>
internal sealed record OtlpLink(string TraceId, string SpanId, string TraceState, uint Flags, OtlpAttribute[] Attributes);
