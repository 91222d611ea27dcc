using Clew.Model;

namespace Clew.TraceQL.Tags;

/// <param name="Names">By owner, then name.</param>
public sealed record TagNamesResult(IReadOnlyList<AttributeKey> Names, ReadMeter Reads);
