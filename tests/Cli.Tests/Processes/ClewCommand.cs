using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Clew.Cli.Tests.Processes;

/// <summary>The built executable as a process of its own, in an empty folder and without a configuration from outside.</summary>
internal sealed partial class ClewCommand : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    readonly Process _process;
    readonly Task<string> _errors;
    readonly List<string> _lines = [];

    ClewCommand(string folder, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "clew"), arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("CLEW_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Where the UI's port is, known once the command is ready.</summary>
    public Uri Ui { get; private set; } = null!;

    /// <summary>Where OTLP over gRPC is received, known once the command is ready.</summary>
    public Uri OtlpGrpc { get; private set; } = null!;

    /// <summary>Where OTLP over HTTP is received, known once the command is ready.</summary>
    public Uri OtlpHttp { get; private set; } = null!;

    /// <summary>All ports of the system's choice.</summary>
    public static string[] FreePorts => ["--set", "listen.ui=127.0.0.1:0", "listen.otlp_grpc=127.0.0.1:0", "listen.otlp_http=127.0.0.1:0", "listen.jaeger_grpc=127.0.0.1:0", "listen.zipkin=127.0.0.1:0", "listen.tempo=127.0.0.1:0"];

    public static ClewCommand Start(string folder, string[] arguments, params (string Name, string Value)[] environment) => new(folder, arguments, environment);

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandResult> RunAsync(string folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        using var command = Start(folder, arguments, environment);
        return await command.EndAsync();
    }

    /// <summary>Starts <c>clew serve</c> and waits for its ready line.</summary>
    public static async Task<ClewCommand> ServeAsync(string folder, params string[] more)
    {
        var command = Start(folder, ["serve", "--data", Path.Combine(folder, "data"), .. FreePorts, .. more]);
        await command.ReadyAsync();
        return command;
    }

    /// <summary>Waits for the line that says where to look.</summary>
    public async Task<string> ReadyAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            _lines.Add(line);
            if (ReadyLine().Match(line) is not { Success: true } ready)
                continue;
            Ui = new Uri(ready.Groups["ui"].Value);
            OtlpGrpc = new Uri("http://" + ready.Groups["grpc"].Value);
            OtlpHttp = new Uri("http://" + ready.Groups["http"].Value);
            return line;
        }

        throw new InvalidOperationException($"clew ended with {_process.ExitCode} before it was ready: {await _errors}");
    }

    /// <summary>Waits for a line that begins like this.</summary>
    public async Task LineAsync(string beginning)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(beginning, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"clew ended with {_process.ExitCode} without a line '{beginning}': {await _errors}");
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<CommandResult> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var output = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return new CommandResult(_process.ExitCode, string.Concat(_lines.Select(line => line + "\n")) + output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [GeneratedRegex(@"^Clew is ready in \d+\.\d\d s: (?<ui>http://\S+)  \(OTLP gRPC (?<grpc>\S+:\d+), HTTP (?<http>\S+:\d+), Zipkin \S+:\d+, Tempo \S+:\d+, Jaeger gRPC \S+:\d+, data .+\)$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ReadyLine();
}
