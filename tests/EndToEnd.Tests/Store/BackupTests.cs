using Clew.EndToEnd.Tests.Kill;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;
using Xunit.Abstractions;

namespace Clew.EndToEnd.Tests.Store;

/// <summary>A backup of a real server under load, and a server started on it.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    const int Backups = 3;

    // Small, so that blocks are made all the time, also while a backup is taken.
    static readonly string[] Settings = ["storage.segment_bytes_max=256KiB"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_span_acknowledged_before_a_backup_under_load_is_found_by_a_server_started_on_it(bool copies)
    {
        using var folder = new TemporaryFolder();
        var (data, history) = (Path.Combine(folder.Path, "data"), new SendHistory(new BatchRecipe(seed: 11)));
        var promised = new List<IReadOnlyList<int>>();
        await using (var clew = await ClewProcess.StartAsync(data, Settings))
        {
            using var sender = OtlpSender.OverHttp(clew.OtlpHttp);
            using var other = OtlpSender.OverGrpc(clew.OtlpGrpc);
            Task[] sending = [Task.Run(() => history.SendUntilSilenceAsync(sender)), Task.Run(() => history.SendUntilSilenceAsync(other))];
            for (var backup = 0; backup < Backups; backup++)
            {
                var enough = history.AcknowledgedCount + 200;
                await Deadline.UntilAsync("some acknowledgements", TimeSpan.FromSeconds(60), () => Task.FromResult(history.AcknowledgedCount > enough));
                promised.Add(history.Acknowledged);
                string[] command = ["store", "backup", Path.Combine(folder.Path, $"backup-{backup}"), "--data", data];
                var (code, text, errors) = await ClewCommand.RunAsync(copies ? [.. command, "--copy"] : command);
                Assert.True(code == 0 && errors.Length == 0, $"{code} {text} {errors}");
                output.WriteLine(text);
            }

            // Without a word from the server: a backup is none of its business.
            Assert.Equal("", clew.Errors);
            Assert.Equal(0, await clew.StopAsync());
            await Task.WhenAll(sending);
        }

        for (var backup = 0; backup < Backups; backup++)
        {
            await using var restored = await ClewProcess.StartAsync(Path.Combine(folder.Path, $"backup-{backup}"), Settings);
            await history.VerifyAsync(restored, promised[backup]);
            Assert.Contains("\nclew_store_damage 0\n", await restored.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        }

        // What becomes of backups is none of the store's: it still has everything.
        await using var original = await ClewProcess.StartAsync(data, Settings);
        await history.VerifyAsync(original, history.Acknowledged);
    }
}
