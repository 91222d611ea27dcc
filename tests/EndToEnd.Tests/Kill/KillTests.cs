using System.Diagnostics;
using System.Globalization;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;
using Xunit.Abstractions;

namespace Clew.EndToEnd.Tests.Kill;

/// <summary>
/// The promise that acknowledged means durable, against the real process. More rounds with <c>CLEW_KILL_ROUNDS</c>; <c>CLEW_KILL_SEED</c> repeats the
/// batches and the plan of a run, though not the very instant of its kills.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // Small, so that sealing, and the hand-over from segments to blocks, happens all the time.
    static readonly string[] Settings = ["storage.segment_bytes_max=256KiB"];

    [Fact]
    public async Task Every_acknowledged_span_survives_kill_9_and_no_other_batch_is_half_there()
    {
        var seed = Setting("CLEW_KILL_SEED") ?? Random.Shared.Next();
        var rounds = Setting("CLEW_KILL_ROUNDS") ?? 20;
        output.WriteLine($"CLEW_KILL_SEED={seed} CLEW_KILL_ROUNDS={rounds}");
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var history = new SendHistory(new BatchRecipe(seed));
        var watch = Stopwatch.StartNew();
        try
        {
            for (var round = 0; round < rounds; round++)
                await LiveAndDieAsync(folder.Path, history, random);
            await using var clew = await ClewProcess.StartAsync(folder.Path, Settings);
            var stored = await history.VerifyAsync(clew, Enumerable.Range(0, history.NextBatch));
            var status = await clew.GetJsonAsync("/api/clew/v1/status");
            Assert.Equal(stored.ToString(CultureInfo.InvariantCulture), status.GetProperty("spans").GetString());
            // Else the kills met no sealing, and the test would be about segments alone.
            var metrics = await clew.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
            Assert.Matches(@"\nclew_blocks [1-9]", metrics);
            // A write cut short by a kill is a normal end of a segment, not damage.
            Assert.Contains("\nclew_store_damage 0\n", metrics, StringComparison.Ordinal);
            output.WriteLine($"{rounds} kills, {watch.Elapsed.TotalSeconds:0} s: {history.AcknowledgedCount} batches acknowledged of {history.SentCount}, {stored} spans.");
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"CLEW_KILL_SEED={seed} CLEW_KILL_ROUNDS={rounds}: {failed.Message}", failed);
        }
    }

    [Fact]
    public async Task A_server_stopped_by_SIGTERM_while_clients_send_ends_with_0_and_keeps_what_it_acknowledged()
    {
        using var folder = new TemporaryFolder();
        var history = new SendHistory(new BatchRecipe(seed: 7));
        await using (var clew = await ClewProcess.StartAsync(folder.Path, Settings))
        {
            var senders = SendTo(clew, history);
            await Deadline.UntilAsync("some acknowledgements", TimeSpan.FromSeconds(30), () => Task.FromResult(history.AcknowledgedCount > 50));
            Assert.Equal(0, await clew.StopAsync());
            await senders;
            Assert.Equal("", clew.Errors);
        }

        await using var restarted = await ClewProcess.StartAsync(folder.Path, Settings);
        await history.VerifyAsync(restarted, Enumerable.Range(0, history.NextBatch));
    }

    static async Task LiveAndDieAsync(string folder, SendHistory history, Random random)
    {
        // Now and then a server dies before it is ready: recovery must survive that too.
        if (random.Next(4) == 0)
        {
            await using var stillborn = ClewProcess.Launch(folder, Settings);
            await Task.Delay(random.Next(300)); // The random instant itself; nothing is waited for.
            await stillborn.KillAsync();
        }

        await using var clew = await ClewProcess.StartAsync(folder, Settings);
        var before = history.NextBatch;
        await history.VerifyAsync(clew, Enumerable.Range(0, before).Where(batch => batch >= before - 300 || random.Next(20) == 0));
        var target = history.AcknowledgedCount + random.Next(1, 200);
        var senders = SendTo(clew, history);
        await Deadline.UntilAsync("the acknowledgements of this round", TimeSpan.FromSeconds(60), () => Task.FromResult(history.AcknowledgedCount >= target));
        await Task.Delay(random.Next(20)); // As above.
        await clew.KillAsync();
        await senders;
    }

    static async Task SendTo(ClewProcess clew, SendHistory history)
    {
        OtlpSender[] senders =
        [
            OtlpSender.OverHttp(clew.OtlpHttp), OtlpSender.OverHttp(clew.OtlpHttp, isCompressed: true),
            OtlpSender.OverGrpc(clew.OtlpGrpc), OtlpSender.OverGrpc(clew.OtlpGrpc, isCompressed: true),
        ];
        await Task.WhenAll(senders.Select(sender => Task.Run(() => history.SendUntilSilenceAsync(sender))));
        foreach (var sender in senders)
            sender.Dispose();
    }

    static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
