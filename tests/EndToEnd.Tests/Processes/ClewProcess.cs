using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Processes;

/// <summary>A running <c>clew serve</c>: the built executable, its own process, ports of the system's choice.</summary>
internal sealed partial class ClewProcess : IAsyncDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly StringBuilder _errors = new();
    readonly TaskCompletionSource<Match> _readyLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ClewProcess(Process process, IEnumerable<string> arguments)
    {
        _process = process;
        process.StartInfo = new ProcessStartInfo(Repository.Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // An empty folder: a clew.yaml of the developer's must not take part.
            WorkingDirectory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "empty")).FullName,
        };
        foreach (var name in process.StartInfo.Environment.Keys.Where(name => name.StartsWith("CLEW_", StringComparison.Ordinal)).ToArray())
            process.StartInfo.Environment.Remove(name);
        process.EnableRaisingEvents = true;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.Exited += (_, _) => _readyLine.TrySetException(new InvalidOperationException("clew serve ended before it was ready."));
    }

    public Uri Ui { get; private set; } = null!;

    public Uri OtlpGrpc { get; private set; } = null!;

    public Uri OtlpHttp { get; private set; } = null!;

    public Uri Zipkin { get; private set; } = null!;

    /// <summary>Speaks to <see cref="Ui"/>.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Everything written to standard output so far.</summary>
    public string Output => Snapshot(_output);

    /// <summary>Everything written to standard error so far.</summary>
    public string Errors => Snapshot(_errors);

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a server and waits until it says that it is ready and its health check agrees.</summary>
    /// <param name="settings">What follows <c>--set</c>, one by one: <c>key=value</c>. Ports default to the system's choice.</param>
    public static async Task<ClewProcess> StartAsync(string dataFolder, params string[] settings)
    {
        var clew = Launch(dataFolder, settings);
        try
        {
            await clew.BecomeReadyAsync();
            return clew;
        }
        catch (Exception failed)
        {
            await clew.DisposeAsync();
            throw new InvalidOperationException($"clew serve did not start: {failed.Message}\n{clew.Output}\n{clew.Errors}", failed);
        }
    }

    /// <summary>Starts a server and waits for nothing.</summary>
    public static ClewProcess Launch(string dataFolder, params string[] settings)
    {
        string[] defaults = ["listen.otlp_grpc=127.0.0.1:0", "listen.otlp_http=127.0.0.1:0", "listen.ui=127.0.0.1:0", "listen.jaeger_grpc=127.0.0.1:0", "listen.zipkin=127.0.0.1:0", "listen.tempo=127.0.0.1:0"];
        var assignments = defaults.Concat(settings).SelectMany(IEnumerable<string> (setting) => ["--set", setting]);
        var clew = new ClewProcess(new Process(), ["serve", "--data", dataFolder, .. assignments]);
        clew._process.Start();
        clew._process.BeginOutputReadLine();
        clew._process.BeginErrorReadLine();
        return clew;
    }

    /// <summary><c>kill -9</c>: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager would stop it; answers the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>The trace as the Clew API gives it; null when it does not know the trace.</summary>
    public async Task<List<OtlpSpan>?> FindTraceAsync(string traceId)
    {
        using var response = await Http.GetAsync(new Uri($"/api/clew/v1/traces/{traceId}", UriKind.Relative));
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        using var document = JsonDocument.Parse(body);
        return OtlpJson.ReadTrace(document.RootElement);
    }

    public async Task<JsonElement> GetJsonAsync(string path)
    {
        using var document = JsonDocument.Parse(await Http.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        Http?.Dispose();
    }

    async Task BecomeReadyAsync()
    {
        var addresses = await _readyLine.Task.WaitAsync(StartLimit);
        Ui = new Uri(addresses.Groups["ui"].Value);
        OtlpGrpc = new Uri($"http://{addresses.Groups["grpc"].Value}");
        OtlpHttp = new Uri($"http://{addresses.Groups["http"].Value}");
        Zipkin = new Uri($"http://{addresses.Groups["zipkin"].Value}");
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { BaseAddress = Ui, Timeout = StartLimit };
        await Deadline.UntilAsync("/health/ready to answer 200", StartLimit, async () =>
        {
            using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        });
    }

    void Keep(StringBuilder target, string? line)
    {
        if (line is null)
            return;
        lock (target)
            target.Append(line).Append('\n');
        if (ReadyLine().Match(line) is { Success: true } match)
            _readyLine.TrySetResult(match);
    }

    static string Snapshot(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [GeneratedRegex(@"(?<ui>http://\S+)\s+\(OTLP gRPC (?<grpc>[^\s,]+), HTTP (?<http>[^\s,]+), Zipkin (?<zipkin>[^\s,]+),", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ReadyLine();
}
