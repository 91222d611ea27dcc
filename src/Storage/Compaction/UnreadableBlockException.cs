using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>A block cannot be read, so that it cannot be merged. The others can.</summary>
internal sealed class UnreadableBlockException(Block block, IOException cause) : Exception(cause.Message, cause)
{
    public Block Block => block;

    public IOException Cause => cause;
}
