using Clew.Model;

namespace Clew.TraceQL.Tags;

/// <summary>Disposing gives back the memory that it is counted with.</summary>
/// <param name="Values">In order of type, then value.</param>
/// <param name="IsCut">There are more.</param>
public sealed record TagValuesResult(IReadOnlyList<Value> Values, bool IsCut, ReadMeter Reads) : IDisposable
{
    public void Dispose() => Reads.Room.Dispose();
}
