using System.Reflection;

namespace Clew.EndToEnd.Tests.Processes;

/// <summary>Where the things under test lie.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The <c>clew</c> executable that was built together with these tests.</summary>
    public static string Executable
    {
        get
        {
            var configuration = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            var name = OperatingSystem.IsWindows() ? "clew.exe" : "clew";
            var path = Path.Combine(Root, "src", "Cli", "bin", configuration, "net10.0", name);
            return File.Exists(path) ? path : throw new FileNotFoundException($"There is no {path}: build src/Cli in configuration {configuration} first.");
        }
    }

    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Clew.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository: no Clew.slnx above them.");
        return folder;
    }
}
