namespace Clew.Otlp;

/// <summary>A share of the memory that all requests have together. The decoders take of it before they use it.</summary>
public interface IMemoryRoom
{
    /// <summary>Takes more; on false nothing was taken.</summary>
    bool TryTake(long bytes);

    /// <summary>Gives back a part of what was taken.</summary>
    void Give(long bytes);
}
