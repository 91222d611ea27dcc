namespace Clew.Server.Tests;

/// <summary>A regular expression, and texts on which it takes long: too many states for an automaton, and too many characters to follow them all.</summary>
internal static class SlowPattern
{
    public const string Pattern = ".*a.{900}c";

    public static string TextOf(int seed)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, 100_000).Select(_ => random.Next(2) == 0 ? 'a' : 'b'));
    }
}
