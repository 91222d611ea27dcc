using System.Text.RegularExpressions;

namespace Clew.Architecture.Tests;

/// <summary>Two projects that may not reference each other load libzstd, each with a binding of its own.</summary>
public sealed partial class NativeLibraryTests
{
    [Fact]
    public void Requests_and_blocks_look_for_libzstd_under_the_same_names()
    {
        var lists = ProjectGraph.SourceFiles("src").Select(file => NamesOfZstd().Match(File.ReadAllText(file))).Where(match => match.Success).Select(match => match.Value).ToArray();
        Assert.Equal(2, lists.Length);
        Assert.Equal(lists[0], lists[1]);
    }

    [GeneratedRegex("""\[\$"libzstd[^\]]*\]""", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex NamesOfZstd();
}
