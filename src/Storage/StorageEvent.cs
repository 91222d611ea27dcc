namespace Clew.Storage;

/// <summary>Something about the store that an operator may want to read in a log.</summary>
public readonly record struct StorageEvent(StorageEventLevel Level, string Message);
