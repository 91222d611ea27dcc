using System.Text.RegularExpressions;

namespace Clew.Architecture.Tests;

/// <summary>Habits of this code base that a compiler does not check.</summary>
public sealed partial class SourceRulesTests
{
    /// <summary>A file past this length is asking to be split. The bound only ever goes down.</summary>
    const int LinesMax = 600;

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_outgrows_its_subject(string folder) => Assert.Empty(
        ProjectGraph.SourceFiles(folder).Where(file => File.ReadLines(file).Count() > LinesMax).Select(file => Path.GetRelativePath(ProjectGraph.Root, file)));

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_exception_is_swallowed_in_silence(string folder) => Assert.Empty(Offenders(folder, EmptyCatch()));

    [Fact]
    public void No_test_sleeps() => Assert.Empty(Offenders("tests", Sleep()));

    static IEnumerable<string> Offenders(string folder, Regex pattern) =>
        from file in ProjectGraph.SourceFiles(folder)
        where Path.GetFileName(file) != "SourceRulesTests.cs" && pattern.IsMatch(File.ReadAllText(file))
        select Path.GetRelativePath(ProjectGraph.Root, file);

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"Thread\.Sleep\(", RegexOptions.None, 1_000)]
    private static partial Regex Sleep();
}
