namespace Clew.Model;

/// <summary>How far a stored trace has come: blocks of spans move on with the time since they arrived, and only what is worth it moves with them.</summary>
public enum StoreLevel : byte
{
    /// <summary>Everything that arrived lately.</summary>
    Live,

    /// <summary>What keep rules left when it was no longer live; everything when there are none.</summary>
    Kept,

    /// <summary>Older; rules may be stricter. On another disk or in a bucket where one is configured.</summary>
    Warm,

    /// <summary>The oldest; expired after this.</summary>
    Cold,
}
