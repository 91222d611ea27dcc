namespace Clew.Storage.Segments;

/// <summary>A write failed, and so did the attempt to undo it: the next start may find what was written, or not.</summary>
internal sealed class UncertainWriteException(string path, Exception failure, Exception second)
    : IOException($"{failure.Message} What was written of it to {path} could not be removed either: {second.Message}", failure);
