namespace Clew.Collector;

/// <summary>Whose definition of a span a request follows.</summary>
public enum WireModel
{
    Otlp,

    /// <summary>Zipkin's, version 2.</summary>
    Zipkin,
}
