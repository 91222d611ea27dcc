namespace Clew.Otlp.Zipkin;

/// <summary>What the spans of one scope have in common: who emitted them, and by which instrumentation. Texts are codes of the batch.</summary>
internal readonly record struct ZipkinScope(ZipkinEndpoint Local, int Name, int Version);
