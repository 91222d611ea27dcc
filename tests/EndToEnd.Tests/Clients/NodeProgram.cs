using System.Diagnostics;
using Clew.EndToEnd.Tests.Processes;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>A program of <c>tests/clients</c>.</summary>
internal static class NodeProgram
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The path of <c>node</c>; null when there is none.</summary>
    public static string? Interpreter { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node"))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs the program to its end and answers what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed, or its packages are not installed.</exception>
    public static async Task<string> RunAsync(string folder, string script, params string[] arguments)
    {
        var home = Path.Combine(Repository.Root, "tests", "clients", folder);
        if (!Directory.Exists(Path.Combine(home, "node_modules")))
            throw new InvalidOperationException($"The packages of tests/clients/{folder} are not installed: run ./test, or 'npm ci' in that folder.");
        using var process = Process.Start(new ProcessStartInfo(
            Interpreter ?? throw new InvalidOperationException("There is no 'node' on the PATH: install Node.js 20.19 or later."), [script, .. arguments])
        {
            WorkingDirectory = home,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{script} ended with {process.ExitCode}: {await errors}{await output}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
