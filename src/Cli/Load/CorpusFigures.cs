using Clew.Cli.Load.Corpus;

namespace Clew.Cli.Load;

/// <summary>What is sent over and over, each time with other ids and times.</summary>
internal sealed record CorpusFigures(ulong Seed, int Traces, long Spans, int Requests, double BytesPerSpan)
{
    public static CorpusFigures Of(TraceCorpus corpus, ulong seed) =>
        new(seed, corpus.Traces.Length, corpus.SpanCount, corpus.Requests.Length, Math.Round((double)corpus.MessageBytes / corpus.SpanCount, 1));
}
