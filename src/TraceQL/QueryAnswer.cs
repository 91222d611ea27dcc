using System.Text.RegularExpressions;
using Clew.Model;

namespace Clew.TraceQL;

/// <summary>How the work for an answer may end.</summary>
internal static class QueryAnswer
{
    /// <summary>The answer, which has the query's memory from here on. Of work that fails, or is cancelled, the memory is given back.</summary>
    /// <param name="countOf">How much was found.</param>
    /// <exception cref="QueryFailedException">What a store says of a pattern, which it knows nothing more of, is the query's failure.</exception>
    /// <exception cref="NoMemoryException">Other queries have all memory, and nothing was found without.</exception>
    public static async Task<T> GetAsync<T>(ReadMeter meter, Func<Task<T>> work, Func<T, int> countOf)
    {
        var isAnswered = false;
        try
        {
            var answer = await work();
            if (meter.Spent == ReadLimit.TotalMemory && (meter.Room.IsShut || countOf(answer) == 0))
                throw new NoMemoryException();
            isAnswered = true;
            return answer;
        }
        catch (RegexMatchTimeoutException slow)
        {
            throw QueryFailedException.For(slow);
        }
        finally
        {
            if (!isAnswered)
                meter.Room.Dispose();
        }
    }
}
