using Clew.Storage.Blocks;

namespace Clew.Storage.Reading;

/// <summary>Some row groups of a block, one behind the other, for one thread to read.</summary>
/// <param name="Start">The first, among <see cref="ScannedBlock.Wanted"/>.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct GroupSlice(ScannedBlock Block, int Start, int End);
