using System.Globalization;
using System.Text.RegularExpressions;

namespace Clew.TraceQL;

/// <summary>A valid query met a trace for which it has no meaning, or a text that it takes too long to look at.</summary>
public sealed class QueryFailedException(string message) : Exception(message)
{
    internal static QueryFailedException For(RegexMatchTimeoutException slow) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"A regular expression took longer than {slow.MatchTimeout.TotalMilliseconds} ms on one text; make it simpler, with fewer or smaller repetitions, or compare with = instead."));
}
