namespace Clew.Cli.Load.Corpus;

/// <param name="Nanos">On the corpus' own time line.</param>
internal sealed record SpanEvent(string Name, long Nanos, SpanAttribute[] Attributes);
