using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Clew.TraceQL.Binding;

/// <summary>Regular expressions with RE2's syntax and meaning, which is what TraceQL has, on top of .NET's.</summary>
/// <remarks>
/// A pattern matches a whole text; its dot matches a newline as well. It is taken apart and written anew, so nothing reaches .NET's own syntax unread: what RE2 does not
/// know (lookaround, back references, atomic groups, class subtraction) is refused, and what it means otherwise (<c>\d</c>, <c>$</c>, <c>[[:alpha:]]</c>) is spelt out.
/// Matching takes time linear in the text. Differences that remain: <c>\b</c> knows all letters, not only those of ASCII; general categories such as <c>\p{Lu}</c> end
/// at U+FFFF; patterns are shorter (<see cref="SizeMax"/>); without regard to case, <c>ſ</c> is no <c>s</c> and <c>ς</c> no <c>σ</c>; scripts such as <c>\p{Greek}</c> are refused. Source: github.com/google/re2/wiki/Syntax.
/// </remarks>
static class Re2Pattern
{
    /// <summary>Longer patterns are refused.</summary>
    public const int LengthMax = 4_096;

    /// <summary>Characters and classes of a pattern with its repetitions written out. .NET refuses automata from about this size on.</summary>
    public const int SizeMax = 2_000;

    /// <summary>The largest count in braces, as in RE2; those inside each other multiply.</summary>
    public const int RepetitionMax = 1_000;

    static readonly TimeSpan MatchTimeMax = TimeSpan.FromMilliseconds(100);

    /// <param name="regex">Throws <see cref="RegexMatchTimeoutException"/> when matching one text takes a tenth of a second; a text of kilobytes and a pattern of the largest size may.</param>
    /// <param name="problem">Why it is refused, for a message.</param>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? problem) =>
        TryCompile(pattern, out regex, out _, out problem);

    /// <param name="size">With repetitions written out.</param>
    public static bool TryCompile(string pattern, [NotNullWhen(true)] out Regex? regex, out int size, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        regex = null;
        if (!TryTranslate(pattern, out var translated, out size, out problem))
            return false;
        try
        {
            regex = new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture, MatchTimeMax);
            return true;
        }
        catch (Exception refusal) when (refusal is NotSupportedException or ArgumentException or InsufficientExecutionStackException)
        {
            problem = $"the pattern is too complex ({refusal.Message})";
            return false;
        }
    }

    public static bool TryTranslate(string pattern, [NotNullWhen(true)] out string? translated, out int size, [NotNullWhen(false)] out string? problem)
    {
        (translated, size) = (null, 0);
        problem = $"a pattern of {pattern.Length} characters is too long: at most {LengthMax} are read";
        if (pattern.Length > LengthMax)
            return false;
        var translator = new Re2Translator(pattern);
        var body = translator.Translate(out size);
        problem = translator.Problem;
        if (problem is not null)
            return false;
        translated = $@"\A(?:{body})\z";
        return true;
    }
}
