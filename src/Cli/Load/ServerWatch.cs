using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Clew.Cli.Load;

/// <summary>Observes the server while it is under load: as a process of this machine, by the metrics of a Clew server, or both.</summary>
internal sealed class ServerWatch : IDisposable
{
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }) { Timeout = AnswerTimeout };
    readonly Process? _process;
    readonly Uri? _clew;
    double _cpuSecondsOfEarlier;
    double _cpuSecondsLast;

    ServerWatch(Process? process, Uri? clew) => (_process, _clew) = (process, clew);

    /// <param name="processId">Null when the server is not, or not known to be, a process of this machine.</param>
    /// <param name="query">The address of its query API; null when there is none.</param>
    /// <exception cref="CommandFailedException">There is no such process.</exception>
    public static async Task<ServerWatch> StartAsync(int? processId, Uri? query, CancellationToken cancellation)
    {
        var watch = new ServerWatch(processId is { } id ? Find(id) : null, null);
        if (query is null || !await watch.IsClewAsync(query, cancellation))
            return watch;
        watch._http.Dispose();
        return new ServerWatch(watch._process, query);
    }

    public async Task<ServerFigures> ReadAsync(CancellationToken cancellation)
    {
        var figures = _clew is null ? new ServerFigures() : WithEarlier(await ReadMetricsAsync(_clew, cancellation));
        if (_process is null)
            return figures;
        _process.Refresh();
        return _process.HasExited ? figures : figures with
        {
            CpuSeconds = _process.TotalProcessorTime.TotalSeconds,
            ResidentBytes = _process.WorkingSet64,
            ResidentBytesMax = _process.PeakWorkingSet64,
        };
    }

    public void Dispose()
    {
        _http.Dispose();
        _process?.Dispose();
    }

    static Process Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (Exception missing) when (missing is ArgumentException or InvalidOperationException or Win32Exception)
        {
            throw new CommandFailedException($"--pid is {id}; no such process runs on this machine.", missing);
        }
    }

    async Task<bool> IsClewAsync(Uri query, CancellationToken cancellation)
    {
        try
        {
            using var status = JsonDocument.Parse(await _http.GetByteArrayAsync(new Uri(query, "api/clew/v1/status"), cancellation));
            return status.RootElement.ValueKind == JsonValueKind.Object && status.RootElement.TryGetProperty("version", out _);
        }
        catch (Exception other) when (other is HttpRequestException or JsonException || (other is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    // One that was started anew counts from 0 again; what it used before is not forgotten.
    ServerFigures WithEarlier(ServerFigures figures)
    {
        if (figures.CpuSeconds is not { } now)
            return figures;
        if (now < _cpuSecondsLast)
            _cpuSecondsOfEarlier += _cpuSecondsLast;
        _cpuSecondsLast = now;
        return figures with { CpuSeconds = _cpuSecondsOfEarlier + now };
    }

    // A server that is too busy to answer, or gone for a moment, leaves a gap in the figures.
    async Task<ServerFigures> ReadMetricsAsync(Uri clew, CancellationToken cancellation)
    {
        try
        {
            var values = Parse(await _http.GetStringAsync(new Uri(clew, "metrics"), cancellation));
            return new ServerFigures
            {
                CpuSeconds = values.TryGetValue("process_cpu_seconds_total", out var cpu) ? cpu : null,
                ResidentBytes = values.TryGetValue("process_resident_memory_bytes", out var resident) ? (long)resident : null,
                Store = new StoreFigures(
                    Whole("clew_stored_spans"), Whole("clew_head_spans"), Whole("clew_blocks"), Whole("clew_block_bytes"), Whole("clew_segment_bytes")),
            };

            long Whole(string name) => (long)values.GetValueOrDefault(name);
        }
        catch (Exception gap) when (gap is HttpRequestException || (gap is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new ServerFigures();
        }
    }

    // Lines "name value" without labels; the others are not for us.
    static Dictionary<string, double> Parse(string exposition)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in exposition.AsSpan().EnumerateLines())
        {
            if (line.IndexOf(' ') is var space and > 0 && double.TryParse(line[(space + 1)..], CultureInfo.InvariantCulture, out var value))
                values[line[..space].ToString()] = value;
        }

        return values;
    }
}
