using System.Diagnostics;

namespace Clew.EndToEnd.Tests.Processes;

/// <summary>A command of the built executable that runs to its end.</summary>
internal static class ClewCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <returns>The exit code, and what was written to standard output and standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "empty")).FullName,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output, await errors);
    }
}
