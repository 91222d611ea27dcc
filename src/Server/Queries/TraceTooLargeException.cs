using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>A trace takes more memory than one may.</summary>
/// <param name="bound">The setting that says so, and how much it is.</param>
internal sealed class TraceTooLargeException(TraceId id, (string Setting, long Bytes) bound) : Exception(
    $"trace {id} takes more memory than {bound.Setting} ({bound.Bytes} bytes) allows: raise it, or write the spans to a file with 'clew store export --trace {id}'")
{
    public TraceId Id { get; } = id;
}
