using Clew.Model;

namespace Clew.TraceQL.Tags;

/// <param name="Values">In order of type, then value.</param>
/// <param name="IsCut">There are more.</param>
public sealed record TagValuesResult(IReadOnlyList<Value> Values, bool IsCut, ReadMeter Reads);
