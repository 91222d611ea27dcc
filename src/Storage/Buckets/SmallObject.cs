namespace Clew.Storage.Buckets;

/// <summary>A small object that is read, and swapped, as a whole.</summary>
/// <param name="Version">What <see cref="IBucket.TrySwap"/> wants to see, to be sure that nobody has swapped it meanwhile.</param>
internal sealed record SmallObject(ReadOnlyMemory<byte> Content, string Version);
