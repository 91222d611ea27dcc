using Clew.Model;

namespace Clew.Cli.Load.Corpus;

/// <summary>What has to be known of a trace of the corpus to look it up once it has been sent.</summary>
/// <param name="RequestIndexes">The requests that carry its spans.</param>
internal sealed record TraceRecipe(
    TraceId Id, int SpanCount, string Service, string RootName, SpanAttribute Unique, bool IsError, long StartNanos, long DurationNanos, int[] RequestIndexes)
{
    /// <summary>The trace as it was sent in one round.</summary>
    public SentTrace In(in RoundSalt salt)
    {
        var unique = (UniqueText)Unique.Value;
        var (id, value) = (new TraceId(Id.High ^ salt.TraceHigh, Id.Low ^ salt.TraceLow), unique with { Number = unique.Number ^ salt.Text });
        return new SentTrace(id, SpanCount, Service, RootName, Unique.Key, value.ToString(), IsError, StartNanos + salt.ShiftNanos, DurationNanos);
    }
}
