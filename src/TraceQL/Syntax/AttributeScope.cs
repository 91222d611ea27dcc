namespace Clew.TraceQL.Syntax;

/// <summary>Where a query says that an attribute hangs.</summary>
public enum AttributeScope : byte
{
    /// <summary><c>.x</c>: on the span, else on its resource.</summary>
    None, Span, Resource, Event, Link, Instrumentation,

    /// <summary>Of the parent span; the language knows them, no server evaluates them.</summary>
    Parent, ParentSpan, ParentResource,
}
