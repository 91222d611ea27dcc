namespace Clew.Cli.Load.Corpus;

/// <param name="Message">A message <c>Span</c>.</param>
/// <param name="TraceIndex">Its trace's place in the corpus.</param>
internal readonly record struct EncodedSpan(byte[] Message, PatchSlot[] Slots, long EndNanos, int TraceIndex);
