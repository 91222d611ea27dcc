using System.Xml.Linq;

namespace Clew.Architecture.Tests;

/// <summary>The references between the projects of <c>src</c>, read from the project files.</summary>
internal static class ProjectGraph
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Projects =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order()!;

    /// <summary>Names of the projects that <paramref name="project"/> references, in order.</summary>
    public static string[] ReferencesOf(string project) =>
        [.. Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order()];

    /// <summary>Names of the packages that <paramref name="project"/> references, in order.</summary>
    public static string[] PackagesOf(string project) => [.. Items(project, "PackageReference").Order()];

    /// <summary>The source files under a folder of the repository, generated ones aside.</summary>
    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules" or "Generated"));

    static IEnumerable<string> Items(string project, string element) =>
        XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj")).Descendants(element).Select(item => item.Attribute("Include")!.Value);

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Clew.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository: no Clew.slnx above them.");
        return folder;
    }
}
