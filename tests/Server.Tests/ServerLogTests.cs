using Clew.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace Clew.Server.Tests;

public sealed class ServerLogTests
{
    [Fact]
    public void Warnings_do_not_use_up_the_line_of_an_error()
    {
        var lines = new ServerUnderTest.RecordingLog();
        var log = new ServerLog(lines, new StoppedClock());
        log.Warning("first");
        log.Warning("second");
        log.Error("ours");
        log.Error("again");
        Assert.Equal([(LogLevel.Warning, "first"), (LogLevel.Error, "ours")], lines.Lines);
    }

    [Fact]
    public void What_was_left_out_is_counted_in_the_next_line()
    {
        var clock = new StoppedClock();
        var lines = new ServerUnderTest.RecordingLog();
        var log = new ServerLog(lines, clock);
        for (var at = 0; at < 4; at++)
            log.Error("disk");
        clock.Now += clock.TimestampFrequency;
        log.Error("disk");
        Assert.Equal(["disk", "disk (and 3 more before it)"], lines.Lines.Select(line => line.Text));
    }

    [Fact]
    public async Task A_store_that_repeats_itself_gets_a_line_a_second_too()
    {
        var lines = new ServerUnderTest.RecordingLog();
        var folder = Directory.CreateTempSubdirectory("clew-server-");
        for (var id = 1; id <= 5; id++)
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{id:0000000000}.segment"), [.. Enumerable.Repeat((byte)0xEE, 5_000)]);
        await using (await ClewServer.StartAsync(new ClewOptions { Listen = ServerUnderTest.FreePorts, DataFolder = folder.FullName }, lines, new StoppedClock()))
            Assert.Single(lines.Lines, line => line.Level == LogLevel.Error);
        folder.Delete(recursive: true);
    }

    sealed class StoppedClock : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
