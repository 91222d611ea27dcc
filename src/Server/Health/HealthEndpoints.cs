using System.Globalization;
using System.Text.Json;
using Clew.Collector;
using Clew.Model;
using Clew.Server.Queries;
using Microsoft.AspNetCore.Http;

namespace Clew.Server.Health;

/// <summary>What orchestrators and people ask about the server: <c>/health/live</c>, <c>/health/ready</c>, <c>/health/startup</c>, <c>/health/deep</c>.</summary>
/// <remarks>
/// live: the process answers. startup: recovery is over. ready: spans are accepted. deep: every check with its finding, the store read once.
/// 200 or 503; the body is <c>{"status":"ok"|"failing","checks":{"name":{"status","detail"}}}</c>.
/// </remarks>
internal sealed class HealthEndpoints(ITraceStore store, IngestBudget budget, string dataFolder, Func<bool> isStopping)
{
    // Below this the disk is about to be full for the store, too.
    const long FreeBytesLow = 256L << 20;

    public async Task HandleAsync(HttpContext context)
    {
        Check[]? checks = context.Request.Path.Value switch
        {
            "/health/live" => [],
            "/health/startup" => [],
            "/health/ready" => [Accepting()],
            "/health/deep" => [Accepting(), Budget(), Flushes(), Damage(), Tiers(), Disk(), await ReadsAsync(context.RequestAborted)],
            _ => null,
        };
        if (checks is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("There are /health/live, /health/ready, /health/startup and /health/deep.\n", context.RequestAborted);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        var isFine = Array.TrueForAll(checks, check => check.Finding != Finding.Failing);
        await using var answer = new JsonAnswer(context, isFine ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        Write(answer.Writer, isFine, checks);
    }

    enum Finding
    {
        Ok,

        /// <summary>Worth a look; the server works.</summary>
        Warning,
        Failing,
    }

    readonly record struct Check(string Name, Finding Finding, string Detail);

    Check Accepting()
    {
        var trouble = isStopping() ? "The server is stopping." : store.Statistics.Trouble;
        return new Check("accepting", trouble.Length == 0 ? Finding.Ok : Finding.Failing, trouble);
    }

    Check Budget()
    {
        var isFull = budget.Bytes >= budget.BytesMax || budget.Requests >= budget.RequestsMax;
        return new Check(
            "in_flight", isFull ? Finding.Warning : Finding.Ok, $"{budget.Requests} of {budget.RequestsMax} requests, {budget.Bytes} of {budget.BytesMax} bytes.");
    }

    Check Flushes()
    {
        var statistics = store.Statistics;
        return new Check("flushes", Finding.Ok, statistics.FlushCount == 0 ? "None yet." : string.Create(
            CultureInfo.InvariantCulture, $"{statistics.FlushCount} flushes took {statistics.FlushSeconds / statistics.FlushCount * 1_000:0.###} ms on average."));
    }

    Check Damage()
    {
        var damage = store.Statistics.Damage;
        return new Check("damage", damage.Count == 0 ? Finding.Ok : Finding.Warning, string.Join(' ', damage));
    }

    Check Tiers()
    {
        var unreachable = store.Statistics.Unreachable;
        return new Check("tiers", unreachable.Count == 0 ? Finding.Ok : Finding.Warning, string.Join(' ', unreachable));
    }

    Check Disk()
    {
        try
        {
            var free = new DriveInfo(Path.GetFullPath(dataFolder)).AvailableFreeSpace;
            return new Check("disk", free < FreeBytesLow ? Finding.Warning : Finding.Ok, $"{free} bytes are free.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Check("disk", Finding.Warning, $"The free space is not known: {failure.Message}");
        }
    }

    // Asks for the newest trace and reads it whole: the path of every query, through head and blocks.
    async ValueTask<Check> ReadsAsync(CancellationToken cancellation)
    {
        try
        {
            var newest = await store.FindTracesAsync(SpanSelection.All, 1, cancellation);
            var isMissing = newest.Count > 0 && await store.FindTraceAsync(newest[0].Id, cancellation) is null;
            return isMissing
                ? new Check("reads", Finding.Failing, $"Trace {newest[0].Id} is listed, and cannot be found.")
                : new Check("reads", Finding.Ok, "");
        }
        catch (IOException failure)
        {
            return new Check("reads", Finding.Failing, failure.Message);
        }
    }

    static void Write(Utf8JsonWriter writer, bool isFine, Check[] checks)
    {
        writer.WriteStartObject();
        writer.WriteString("status", isFine ? "ok" : "failing");
        writer.WriteStartObject("checks");
        foreach (var check in checks)
        {
            writer.WriteStartObject(check.Name);
            writer.WriteString("status", check.Finding switch { Finding.Ok => "ok", Finding.Warning => "warning", _ => "failing" });
            writer.WriteString("detail", check.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
