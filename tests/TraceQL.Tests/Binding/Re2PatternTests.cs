using System.Diagnostics;
using System.Text.RegularExpressions;
using Clew.TraceQL.Binding;

namespace Clew.TraceQL.Tests.Binding;

public sealed class Re2PatternTests
{
    [Theory]
    // The whole text, and newlines are characters.
    [InlineData("get", "get", true)]
    [InlineData("(?U)a.*", "abc", true)]
    [InlineData("(?i-U:A)b", "ab", true)]
    [InlineData("get", "gets", false)]
    [InlineData("get", "xget", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a.c", "a\nc", true)]
    [InlineData(".*", "a\nb\n", true)]
    [InlineData("a", "a\n", false)]
    [InlineData("a$", "a", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^a$", "a", true)]
    [InlineData("^^a$$", "a", true)]
    [InlineData(@"\Aa\z", "a", true)]
    [InlineData("(?:^|,)a", "a", true)]
    // Flags
    [InlineData("(?i)get", "GeT", true)]
    [InlineData("(?i)g(?-i)et", "Get", true)]
    [InlineData("(?i)g(?-i)et", "GET", false)]
    [InlineData("(?i:g)et", "Get", true)]
    [InlineData("(?i:g)et", "GET", false)]
    [InlineData("((?i)g)et", "GET", false)]
    [InlineData("a|(?i)b|c", "C", true)]
    [InlineData("(?i)[a-z]+", "ABC", true)]
    [InlineData("(?i)[^a]", "A", false)]
    [InlineData("(?i)é", "É", true)]
    [InlineData("(?-s)a.c", "a\nc", false)]
    [InlineData("(?-s)a.c", "abc", true)]
    [InlineData("(?-s:.)(?s:.)", "a\n", true)]
    [InlineData("(?m)a$\n^b", "a\nb", true)]
    [InlineData("a$\n^b", "a\nb", false)]
    [InlineData("(?m:^)a", "a", true)]
    [InlineData("(?is)a", "A", true)]
    // Groups
    [InlineData("(a)(b)", "ab", true)]
    [InlineData("(?P<first>a)(?<second>b)", "ab", true)]
    [InlineData("()", "", true)]
    [InlineData("(|a)b", "b", true)]
    [InlineData("(a|)+", "aa", true)]
    // Repetitions
    [InlineData("a*", "", true)]
    [InlineData("a+", "", false)]
    [InlineData("a?b", "b", true)]
    [InlineData("a*?b+?c??", "aabb", true)]
    [InlineData("a{2}", "aa", true)]
    [InlineData("a{2}", "aaa", false)]
    [InlineData("a{2,}", "aaaa", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{0}b", "b", true)]
    [InlineData("(ab){2}", "abab", true)]
    [InlineData("ab{2}", "abb", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("a{x}", "a{x}", true)]
    [InlineData("{", "{", true)]
    [InlineData("}", "}", true)]
    [InlineData("]", "]", true)]
    [InlineData("a{1000}", "b", false)]
    // Escapes
    [InlineData(@"\.", ".", true)]
    [InlineData(@"\.", "a", false)]
    [InlineData(@"\-\_\/\ ", "-_/ ", true)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\x{1F600}", "😀", true)]
    [InlineData(@"\0", "\0", true)]
    [InlineData(@"\a\f\t\n\r\v", "\a\f\t\n\r\v", true)]
    [InlineData(@"\Qa.b*\E", "a.b*", true)]
    [InlineData(@"\Qa.b*\E", "axb", false)]
    [InlineData(@"\Qab\E+", "abb", true)]
    [InlineData(@"\Qab\E+", "abab", false)]
    [InlineData(@"\Qa(", "a(", true)]
    [InlineData(@"\Q\\E", @"\", true)]
    [InlineData(@"a\b.*", "a b", true)]
    [InlineData(@"a\Bb", "ab", true)]
    [InlineData("#x y", "#x y", true)]
    // Classes
    [InlineData("[abc]", "b", true)]
    [InlineData("[^abc]", "b", false)]
    [InlineData("[^abc]", "\n", true)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[^]a]", "b", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[-a]", "-", true)]
    [InlineData("[a-c-e]", "-", true)]
    [InlineData(@"[\]\\]+", @"]\", true)]
    [InlineData(@"[\x41-\x43]", "B", true)]
    [InlineData(@"[\t-\r]", "\n", true)]
    [InlineData("[&&]", "&", true)]
    [InlineData("[a-z-[aeiou]]", "a]", true)]
    [InlineData("[[]", "[", true)]
    [InlineData("[.*]+", ".*", true)]
    [InlineData("[[:alpha:]]+", "aZ", true)]
    [InlineData("[[:alpha:]]", "1", false)]
    [InlineData("[[:^alpha:]]", "1", true)]
    [InlineData("[[:digit:][:upper:]_]+", "1A_", true)]
    [InlineData("[^[:space:]]", "\t", false)]
    [InlineData("[[:punct:]]+", "!/:@[`{~", true)]
    [InlineData("[[:xdigit:]]+", "09afAF", true)]
    [InlineData("[[:word:]]+", "a_1", true)]
    // Perl's classes are of ASCII.
    [InlineData(@"\d+", "123", true)]
    [InlineData(@"\d", "٣", false)]
    [InlineData(@"\D", "٣", true)]
    [InlineData(@"\w+", "a_1", true)]
    [InlineData(@"\w", "é", false)]
    [InlineData(@"\W", "é", true)]
    [InlineData(@"\s+", " \t\n\f\r", true)]
    [InlineData(@"\s", "\v", false)]
    [InlineData(@"\s", "\u00a0", false)]
    [InlineData(@"\S", "\u00a0", true)]
    [InlineData(@"[\d_]+", "1_", true)]
    [InlineData(@"[^\d]", "1", false)]
    [InlineData(@"[\D]", "😀", true)]
    // Unicode
    [InlineData(@"\pL+", "aé世", true)]
    [InlineData(@"\pL", "1", false)]
    [InlineData(@"\p{Lu}", "É", true)]
    [InlineData(@"\p{Lu}", "é", false)]
    [InlineData(@"\PL", "1", true)]
    [InlineData(@"\P{Lu}", "É", false)]
    [InlineData(@"\p{^Lu}", "é", true)]
    [InlineData(@"[\p{Lu}1]+", "É1", true)]
    [InlineData(@"[^\p{Lu}]", "É", false)]
    [InlineData(@"\PL", "😀", true)]
    // A character is a character, however many units .NET needs for it.
    [InlineData(".", "😀", true)]
    [InlineData("..", "😀", false)]
    [InlineData(".{2}", "😀a", true)]
    [InlineData("[^a]", "😀", true)]
    [InlineData("[^a][^a]", "😀", false)]
    [InlineData("[😀-😂]", "😁", true)]
    [InlineData("[😀-😂]", "😃", false)]
    [InlineData("[^😀]", "😀", false)]
    [InlineData("[^😀]", "😁", true)]
    [InlineData("[a😀]+", "a😀a", true)]
    [InlineData("😀+", "😀😀", true)]
    [InlineData(@"[\x{10000}-\x{10FFFF}]", "😀", true)]
    [InlineData(@"[\x{0}-\x{10FFFF}]{2}", "a😀", true)]
    [InlineData(@"[\x{FF00}-\x{10400}]", "\ud800\udc00", true)]
    [InlineData(@"[^\x{0}-\x{10FFFF}]", "a", false)]
    public void A_pattern_matches_as_in_RE2(string pattern, string text, bool matches)
    {
        Assert.True(Re2Pattern.TryCompile(pattern, out var regex, out var problem), problem);
        Assert.Equal(matches, regex.IsMatch(text));
    }

    [Theory]
    [InlineData("(", "a '(' is not closed")]
    [InlineData("(a", "a '(' is not closed")]
    [InlineData("(?", "a '(' is not closed")]
    [InlineData("(?i", "a '(' is not closed")]
    [InlineData(")", "there is a ')' without a '('")]
    [InlineData("a)b", "there is a ')' without a '('")]
    [InlineData("[", "a '[' is not closed")]
    [InlineData("[a", "a '[' is not closed")]
    [InlineData("[]", "a '[' is not closed")]
    [InlineData("[z-a]", "a range in a class runs backwards")]
    [InlineData("[[:nope:]]", "there is no class [:nope:]")]
    [InlineData("*", "nothing stands before the repetition '*'")]
    [InlineData("a|*", "nothing stands before the repetition '*'")]
    [InlineData("(+)", "nothing stands before the repetition '+'")]
    [InlineData("{2}", "nothing stands before the repetition '{2}'")]
    [InlineData("a**", "a repetition cannot be repeated: '*'")]
    [InlineData("a*+", "a repetition cannot be repeated: '+'")]
    [InlineData("a++", "a repetition cannot be repeated: '+'")]
    [InlineData("a{2}{3}", "a repetition cannot be repeated: '{3}'")]
    [InlineData("a???", "a repetition cannot be repeated: '?'")]
    [InlineData("a{1001}", "the repetition '{1001}' is not one: at most 1000 times")]
    [InlineData("a{2,1}", "the repetition '{2,1}' is not one")]
    [InlineData("a{99999999999}", "the repetition '{99999999999}' is not one")]
    [InlineData("(a{100}){100}", "the repetition '{100}' is too large: at most 1000 times, those inside each other multiplied")]
    [InlineData("((a{10}){10}){11}", "the repetition '{11}' is too large")]
    [InlineData("(abc){1000}", "with its repetitions written out the pattern is longer than")]
    [InlineData("(?=a)", "lookahead and lookbehind are not part of RE2")]
    [InlineData("(?!a)", "lookahead and lookbehind are not part of RE2")]
    [InlineData("(?<=a)", "lookahead and lookbehind are not part of RE2")]
    [InlineData("(?<!a)", "lookahead and lookbehind are not part of RE2")]
    [InlineData("(?>a)", "'(?>' is not part of RE2")]
    [InlineData("(?#x)", "'(?#' is not part of RE2")]
    [InlineData("(?(1)a|b)", "'(?(' is not part of RE2")]
    [InlineData("(?'x'a)", "'(?'' is not part of RE2")]
    [InlineData("(?x)a", "'(?x' is not part of RE2")]
    [InlineData("(?n)a", "'(?n' is not part of RE2")]
    [InlineData("(?P<>a)", "the name of a group")]
    [InlineData("(?P<a-b>a)", "the name of a group")]
    [InlineData("(?P<a>a)(?P<a>b)", "two groups have the name 'a'")]
    [InlineData("(?P=a)", "'(?P' is not part of RE2")]
    [InlineData(@"(a)\1", "back references are not part of RE2")]
    [InlineData(@"\8", "back references are not part of RE2")]
    [InlineData(@"\k<a>", "'\\k' is not part of RE2")]
    [InlineData(@"\Z", "'\\Z' is not part of RE2")]
    [InlineData(@"\G", "'\\G' is not part of RE2")]
    [InlineData(@"\C", "'\\C' is not part of RE2")]
    [InlineData(@"\e", "'\\e' is not part of RE2")]
    [InlineData(@"\cA", "'\\c' is not part of RE2")]
    [InlineData(@"\u0041", "'\\u' is not part of RE2")]
    [InlineData(@"\é", "'\\é' is not part of RE2")]
    [InlineData(@"[\b]", "'\\b' is not part of RE2")]
    [InlineData(@"\", "a backslash stands at the end")]
    [InlineData(@"[\", "a backslash stands at the end")]
    [InlineData(@"\x", "\\x is followed by")]
    [InlineData(@"\x4", "\\x is followed by")]
    [InlineData(@"\x{110000}", "\\x is followed by")]
    [InlineData(@"\x{d800}", "\\x is followed by")]
    [InlineData(@"\p{Greek}", "the class \\p{Greek} is not supported")]
    [InlineData(@"\p{IsGreek}", "the class \\p{IsGreek} is not supported")]
    [InlineData(@"\pX", "the class \\p{X} is not supported")]
    [InlineData(@"\p{L", "the class \\p{} is not supported")]
    [InlineData(@"\p", "'\\p' is not part of RE2")]
    public void What_RE2_does_not_know_is_refused(string pattern, string expected)
    {
        Assert.False(Re2Pattern.TryCompile(pattern, out _, out var problem));
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_beyond_the_bound_is_refused()
    {
        Assert.True(Re2Pattern.TryCompile($"[{new string('a', Re2Pattern.LengthMax - 2)}]", out _, out var problem), problem);
        Assert.False(Re2Pattern.TryCompile(new string('a', Re2Pattern.LengthMax + 1), out _, out problem));
        Assert.Equal("a pattern of 4097 characters is too long: at most 4096 are read", problem);
    }

    /// <summary>Patterns that make backtracking engines, or builders of automata, despair.</summary>
    [Theory]
    [InlineData("(a+)+b", "a")]
    [InlineData("(a|a)*b", "a")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)b", "a")]
    [InlineData("(a?){500}a{500}", "a")]
    [InlineData(".*a.{900}", "a")]
    [InlineData("(.*a){400}", "a")]
    [InlineData("((a{1,10}){1,10}){1,10}b", "a")]
    [InlineData("(x+x+)+y", "x")]
    [InlineData(@"[\p{L}😀-😂]{600}.*b", "a")]
    [InlineData("(?i)(abcdefghi){150}", "abcdefghi")]
    public void A_pattern_made_to_hurt_is_answered_in_bounded_time(string pattern, string piece)
    {
        var started = Stopwatch.GetTimestamp();
        Assert.True(Re2Pattern.TryCompile(pattern, out var regex, out var problem), problem);
        try
        {
            _ = regex.IsMatch(string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length)));
        }
        catch (RegexMatchTimeoutException late)
        {
            Assert.Equal(pattern, late.Message.Length > 0 ? pattern : "");
        }

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
