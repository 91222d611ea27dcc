namespace Clew.Storage.Inspection;

/// <summary>A place where a file does not hold what was written to it.</summary>
/// <param name="File">Its path.</param>
/// <param name="Offset">The first byte of the smallest part with a checksum, or other means of telling, that the damage is in.</param>
/// <param name="Bytes">How long that part is; 0 for a file that is missing.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Loss">What it costs: spans, times, traces as far as they are known.</param>
/// <param name="Advice">What to do about it.</param>
public sealed record FoundDamage(string File, long Offset, long Bytes, string Problem, string Loss, string Advice);
