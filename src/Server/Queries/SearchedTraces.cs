using Clew.Model;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Queries;

/// <summary>The traces that a search found.</summary>
/// <param name="Ids">The newest first.</param>
/// <param name="Problems">Why some may be missing, each a sentence for people.</param>
internal sealed record SearchedTraces(IReadOnlyList<TraceId> Ids, IReadOnlyList<string> Problems)
{
    public static SearchedTraces Newest(IEnumerable<TraceMatch> matches, int countMax, IReadOnlyList<string> problems) =>
        new([.. matches.OrderByDescending(match => match.Newest).ThenBy(match => match.Id).Select(match => match.Id).Take(countMax)], problems);

    /// <summary>Says in headers what may be missing.</summary>
    public void Warn(HttpContext context)
    {
        foreach (var problem in Problems)
            context.Warn(problem);
    }
}
