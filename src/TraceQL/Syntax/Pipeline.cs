using System.Collections.Immutable;

namespace Clew.TraceQL.Syntax;

/// <summary>Steps in the order they are taken; at least one.</summary>
public sealed record Pipeline(ImmutableArray<PipelineStage> Stages)
{
    public override string ToString() => CanonicalText.Of(this);
}
