namespace Clew.Cli.Load.Corpus;

/// <summary>Bytes of an encoded message that change each time it is sent.</summary>
/// <param name="Offset">Where they lie in the message.</param>
/// <param name="Number">Of a unique text, what its digits show; else 0.</param>
internal readonly record struct PatchSlot(PatchSlotKind Kind, int Offset, ulong Number = 0)
{
    /// <summary>The slot in a message that holds this one as a part.</summary>
    /// <param name="offset">Where the part begins.</param>
    public PatchSlot At(int offset) => this with { Offset = Offset + offset };
}
