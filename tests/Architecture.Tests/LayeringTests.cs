namespace Clew.Architecture.Tests;

/// <summary>The table of docs/ARCHITECTURE.md: who may reference whom. There is no list of exceptions.</summary>
public sealed class LayeringTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Model"] = [],
        ["Otlp"] = ["Model"],
        ["Storage"] = ["Model"],
        ["Collector"] = ["Model", "Otlp"],
        ["Analysis"] = ["Model"],
        ["TraceQL"] = ["Model"],
        ["Server"] = ["Analysis", "Collector", "Model", "Otlp", "Storage", "TraceQL"],
        ["Cli"] = ["Server"],
    };

    [Fact]
    public void Every_project_has_its_row_in_the_table() => Assert.Equal(Allowed.Keys.Order(), ProjectGraph.Projects);

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_project_references_exactly_the_layers_the_design_gives_it(string project) =>
        Assert.Equal(Allowed[project], ProjectGraph.ReferencesOf(project));

    [Theory]
    [InlineData("Model")]
    [InlineData("Otlp")]
    [InlineData("Collector")]
    [InlineData("Analysis")]
    [InlineData("TraceQL")]
    public void The_core_layers_need_no_package(string project) => Assert.Empty(ProjectGraph.PackagesOf(project));

    [Fact]
    public void The_store_needs_no_package_but_the_client_of_S3() => Assert.Equal(["AWSSDK.S3"], ProjectGraph.PackagesOf("Storage"));

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void A_file_lies_in_the_folder_its_namespace_names(string project)
    {
        foreach (var file in ProjectGraph.SourceFiles(Path.Combine("src", project)))
        {
            var declared = File.ReadLines(file).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal));
            if (declared is null)
                continue;
            var folder = Path.GetRelativePath(Path.Combine(ProjectGraph.Root, "src"), Path.GetDirectoryName(file)!);
            Assert.Equal($"namespace Clew.{folder.Replace(Path.DirectorySeparatorChar, '.')};", declared);
        }
    }

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void No_folder_or_type_is_named_for_not_having_found_its_noun(string project)
    {
        string[] nouns = ["Utils", "Util", "Helpers", "Helper", "Common", "Manager", "Misc"];
        foreach (var file in ProjectGraph.SourceFiles(Path.Combine("src", project)))
        {
            var parts = Path.GetRelativePath(ProjectGraph.Root, file).Split(Path.DirectorySeparatorChar, '.');
            Assert.DoesNotContain(parts, part => nouns.Any(noun => part.EndsWith(noun, StringComparison.Ordinal)));
        }
    }

    public static TheoryData<string> ProjectNames => [.. Allowed.Keys];
}
