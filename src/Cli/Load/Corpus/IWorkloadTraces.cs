namespace Clew.Cli.Load.Corpus;

/// <summary>A simulated system whose requests leave traces.</summary>
internal interface IWorkloadTraces
{
    /// <summary>Draws what one request leaves behind: a trace, or a few that are linked.</summary>
    /// <param name="startNanos">When it arrives, on the corpus' own time line.</param>
    IEnumerable<TraceDraft> Draw(SeededRandom random, long startNanos);
}
