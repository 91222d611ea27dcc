using Clew.Model;

namespace Clew.TraceQL.Tags;

/// <summary>Disposing gives back the memory that it is counted with.</summary>
/// <param name="Names">By owner, then name.</param>
public sealed record TagNamesResult(IReadOnlyList<AttributeKey> Names, ReadMeter Reads) : IDisposable
{
    public void Dispose() => Reads.Room.Dispose();
}
