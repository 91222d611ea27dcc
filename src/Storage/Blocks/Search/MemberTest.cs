using Clew.Storage.Columns;

namespace Clew.Storage.Blocks.Search;

/// <summary>A number is the position of a member that passes.</summary>
internal readonly struct MemberTest(bool[] passes) : INumberTest
{
    public bool Passes(ulong number) => number < (ulong)passes.Length && passes[number];
}
