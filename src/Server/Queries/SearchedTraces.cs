using Clew.Model;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>The traces that a search found.</summary>
/// <param name="Matches">The newest first.</param>
/// <param name="Problems">Why some may be missing, each a sentence for people.</param>
internal sealed record SearchedTraces(IReadOnlyList<TraceMatch> Matches, IReadOnlyList<string> Problems)
{
    public IReadOnlyList<TraceId> Ids => [.. Matches.Select(match => match.Id)];

    /// <summary>Those of the matches, each trace once, with its newest.</summary>
    public static SearchedTraces Newest(IEnumerable<TraceMatch> matches, int countMax, IReadOnlyList<string> problems) =>
        new([.. matches.OrderByDescending(match => match.Newest).ThenBy(match => match.Id).DistinctBy(match => match.Id).Take(countMax)], problems);

    /// <summary>Says in headers what may be missing.</summary>
    public void Warn(HttpContext context)
    {
        foreach (var problem in Problems)
            context.Warn(problem);
    }
}
