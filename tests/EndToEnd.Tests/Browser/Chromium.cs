namespace Clew.EndToEnd.Tests.Browser;

/// <summary>The distribution's browser: none is downloaded.</summary>
internal static class Chromium
{
    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The first of the usual names on the PATH; null when there is none.</summary>
    public static string? ExecutablePath { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        from name in Names
        select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
