using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>The end of a message about a word nobody knows.</summary>
static class Suggestion
{
    // Longer words are nobody's slip of the fingers, and comparing them takes time.
    const int WordLengthMax = 40;

    /// <summary><c>; did you mean '…'?</c>, or nothing.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        word.Length <= WordLengthMax && NearestName.Find(word, known) is { } nearest && nearest != word ? $"; did you mean '{nearest}'?" : "";
}
