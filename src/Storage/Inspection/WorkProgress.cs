namespace Clew.Storage.Inspection;

/// <summary>How far a long piece of work is.</summary>
/// <param name="DoneBytes">Bytes of files that are dealt with.</param>
/// <param name="TotalBytes">Bytes of all files to deal with.</param>
public readonly record struct WorkProgress(long DoneBytes, long TotalBytes);
