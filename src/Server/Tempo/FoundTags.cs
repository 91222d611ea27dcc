using Clew.Model;

namespace Clew.Server.Tempo;

/// <summary>The names of tags by scope, intrinsics last; only scopes that have some.</summary>
internal sealed record FoundTags(TagsQuestion Question, IReadOnlyList<(string Scope, IReadOnlyList<string> Names)> Scopes, ReadMeter Reads) : IDisposable
{
    public const string Intrinsic = "intrinsic";

    /// <summary>The names alone, each once; those of intrinsics only when nothing else was asked for.</summary>
    public IEnumerable<string> PlainNames() => Scopes.Where(scope => scope.Scope != Intrinsic || Question.Scope == Intrinsic).SelectMany(scope => scope.Names).Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    public void Dispose() => Reads.Room.Dispose();
}
