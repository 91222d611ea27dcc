namespace Clew.Model;

/// <summary>Whether a batch is durable, and if not, why not. Only the first is an acknowledgement.</summary>
public enum AppendOutcome
{
    /// <summary>On disk, flushed, and visible to queries.</summary>
    Stored,

    /// <summary>Refused untouched: as much is in flight as the limits allow.</summary>
    Overloaded,

    /// <summary>Refused untouched: the disk, or its budget, is full. Queries still work, and appends will once there is space.</summary>
    Full,

    /// <summary>Refused untouched: the batch is larger than the store can take, ever. Smaller ones with the same spans pass.</summary>
    TooLarge,

    /// <summary>Refused: the store is closing.</summary>
    Closing,
}
