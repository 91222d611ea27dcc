using Clew.Model;

namespace Clew.TraceQL.Tests.Meaning;

sealed record PlainLink(TraceId Trace, ulong Span, params (string Key, object? Value)[] Attributes);
