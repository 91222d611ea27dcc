using Clew.Model;
using Clew.Model.Tests;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Version1;
using Clew.Storage.Compaction;
using Clew.Storage.Files;
using Clew.Storage.Retention;
using Clew.Storage.Tests.Blocks;
using Clew.Storage.Tests.Buckets;

namespace Clew.Storage.Tests;

/// <summary>Folders that versions of the formats left behind, byte for byte, and what is in them as text: every later version reads them.</summary>
public sealed class FixtureTests
{
    static readonly RetentionOptions Forever = new()
    {
        LiveUntil = TimeSpan.FromDays(100_000), KeptUntil = TimeSpan.FromDays(100_000), WarmUntil = TimeSpan.FromDays(100_000), ColdUntil = TimeSpan.FromDays(100_000),
    };

    // Segments of a fixture are old, and not to be sealed for that while a test looks at them.
    static readonly StorageOptions Options = new()
    {
        SegmentBytesMax = 64 << 10, SegmentAgeMax = TimeSpan.FromDays(100_000), RowGroupRows = 64, Compression = BlockCompression.None, Retention = Forever,
    };

    [Theory]
    [InlineData("version-1")]
    [InlineData("version-2")]
    [InlineData("version-3")]
    public async Task Spans_that_a_version_stored_are_read_as_they_were(string version)
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", version);
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(fixture))
            File.Copy(file, copy[Path.GetFileName(file)]);
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(fixture, "spans.txt")), await ReadAsync(copy.Path));
    }

    [Theory]
    [InlineData("version-2-values")]
    [InlineData("version-3")]
    public void Strings_of_a_row_group_are_found_in_blocks_of_each_version(string version)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", version);
        using var file = new BlockFile(new MemoryFile(File.ReadAllBytes(Directory.GetFiles(folder, "*.block").Single())));
        Assert.Equal(version != "version-3", file.ReadIndex().ValueFilters is not null);
        var (present, absent) = ValueIndexTests.CountLeads(file);
        Assert.True(present > 100, $"{present} strings");
        Assert.True(version != "version-3" || absent <= 2, $"{absent} leads to nothing");
    }

    [Fact]
    public async Task A_block_of_version_2_lives_beside_newer_ones_and_becomes_one_of_them_when_it_is_merged()
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-2-values")))
            File.Copy(file, copy[Path.GetFileName(file)]);
        var options = Options with { Compaction = new CompactionOptions { MergeBlocksMin = 2 } };
        await using (var store = await TraceStore.OpenAsync(options, copy.Path, TimeProvider.System))
        {
            await AssertFoundAsync(store);
            for (var seed = 1; seed <= 3; seed++)
                Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.WithUniqueValues(Batches.Random(seed), seed), default)).Outcome);
        }

        var result = await OfflineCompaction.RunAsync(options, copy.Path, TimeProvider.System, _ => { }, default);
        Assert.Equal(1, result.BlocksAfter);
        using (var merged = new BlockFile(new MemoryFile(File.ReadAllBytes(Directory.GetFiles(copy.Path, "*.block").Single()))))
            Assert.True(merged.ReadIndex() is { ValueFilters: null, ValueIndex.Pages: > 0 });
        await using var reopened = await TraceStore.OpenAsync(options, copy.Path, TimeProvider.System);
        await AssertFoundAsync(reopened);

        static async Task AssertFoundAsync(TraceStore store)
        {
            foreach (var (value, count) in ((string, int)[])[("value 0", 1), ("value 399", 1), ("value 400", 0), ("session 3", 8)])
                Assert.Equal(count, (await store.FindTracesAsync(new SpanSelection(TimeRange.All, [new SpanCondition.AttributeIs(value.Split(' ')[0] == "value" ? "unique" : "session", value, AttributeOwners.Span)]), 100, default)).Count);
            Assert.Empty(store.Statistics.Damage);
        }
    }

    [Fact]
    public async Task A_crash_while_blocks_of_version_1_are_written_again_loses_and_doubles_nothing()
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-1");
        var expected = await File.ReadAllLinesAsync(Path.Combine(fixture, "spans.txt"));
        for (var step = 0; ; step++)
        {
            using var copy = new TemporaryFolder();
            foreach (var file in Directory.GetFiles(fixture))
                File.Copy(file, copy[Path.GetFileName(file)]);
            var stepsLeft = step;
            var folder = new HinderedFolder(copy.Path)
            {
                Before = (verb, name) =>
                {
                    if (verb is not ("open" or "read") && stepsLeft-- == 0)
                        throw new IOException($"the crash before \"{verb} {name}\"");
                },
            };
            var hasCrashed = false;
            try
            {
                await using var store = TraceStore.Open(Options, folder, TimeProvider.System, StoreThreads.Dedicated(), _ => { }, default);
            }
            catch (IOException)
            {
                hasCrashed = true;
            }

            Assert.Equal(expected, await ReadAsync(copy.Path));
            if (!hasCrashed)
                break;
        }
    }

    [Theory]
    [InlineData(".block")]
    [InlineData("manifest")]
    public async Task Without_space_to_write_blocks_of_version_1_again_the_store_starts_and_says_what_is_missing_until_there_is(string forWhat)
    {
        var fixture = Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-1");
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(fixture))
            File.Copy(file, copy[Path.GetFileName(file)]);
        var folder = new HinderedFolder(copy.Path)
        {
            Before = (verb, name) =>
            {
                if (verb == "write" && name.Contains(forWhat, StringComparison.Ordinal))
                    throw new DiskFullException(name);
            },
        };
        await using (var store = TraceStore.Open(Options, folder, TimeProvider.System, StoreThreads.Dedicated(), _ => { }, default))
        {
            Assert.True(store.Statistics.HeadSpanCount > 0);
            Assert.Contains("Make room", Assert.Single(store.Statistics.Damage), StringComparison.Ordinal);
            Assert.NotEmpty(await store.FindTracesAsync(SpanSelection.All, 10, default));
            Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(1), default)).Outcome);
        }

        Assert.DoesNotContain(Directory.GetFiles(copy.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        var all = (await File.ReadAllLinesAsync(Path.Combine(fixture, "spans.txt"))).Concat(Batches.Rows(Batches.Random(1)).Select(span => SpanText.Of(span.Batch, span.Row)));
        Assert.Equal(all.Order(StringComparer.Ordinal), await ReadAsync(copy.Path));
    }

    [Fact]
    public void On_a_full_disk_blocks_of_version_1_are_not_even_read()
    {
        using var copy = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "version-1")))
            File.Copy(file, copy[Path.GetFileName(file)]);
        var opened = new List<string>();
        var folder = new HinderedFolder(copy.Path)
        {
            FreeBytesSaid = 1_000,
            Before = (verb, name) =>
            {
                if (verb == "open" && name.EndsWith(".block", StringComparison.Ordinal))
                    opened.Add(name);
            },
        };
        var manifest = Manifest.Load(folder);
        var damage = new DamageLog(_ => { });
        Assert.Same(manifest, new Version1Upgrade(folder, Options, damage, _ => { }, default).Run(manifest));
        Assert.Equal(manifest.Blocks.Length, damage.Places.Count);
        // Once each, to see what they are.
        Assert.Equal(manifest.Blocks.Length, opened.Count);
    }

    /// <summary>How the fixture came to be. A new version of a format adds one of its own: <c>CLEW_WRITE_FIXTURE</c> names the folder to write it to.</summary>
    [Fact]
    public async Task A_fixture_can_be_made_for_the_next_version()
    {
        using var temporary = new TemporaryFolder();
        var target = Environment.GetEnvironmentVariable("CLEW_WRITE_FIXTURE") ?? temporary["fixture"];
        var batches = new RandomBatches(2026);
        var sent = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            // The second start finds a segment that is worth a block, and leaves another that is not.
            await using var store = await TraceStore.OpenAsync(Options, target, TimeProvider.System);
            await Deadline.UntilAsync(() => store.Statistics.BlockCount == start, "sealing");
            for (var made = 0; made < (start == 0 ? 22 : 3); made++)
            {
                var batch = batches.Next(20);
                if (batch.SpanCount > 0)
                    batch = Batches.WithUniqueValues(batch, (start * 100) + made);
                sent.AddRange(Batches.Rows(batch).Select(span => SpanText.Of(span.Batch, span.Row)));
                Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(batch, default)).Outcome);
            }
        }

        sent.Sort(StringComparer.Ordinal);
        await File.WriteAllLinesAsync(Path.Combine(target, "spans.txt"), sent);
        Assert.Equal(sent, await ReadAsync(target));
    }

    static async Task<List<string>> ReadAsync(string folder)
    {
        await using var store = await TraceStore.OpenAsync(Options, folder, TimeProvider.System);
        Assert.Empty(store.Statistics.Damage);
        Assert.True(store.Statistics is { BlockCount: > 0, HeadSpanCount: > 0 });
        var found = new List<string>();
        await foreach (var batch in store.ScanAsync(TimeRange.All, default, new TraceId(ulong.MaxValue, ulong.MaxValue), default))
            found.AddRange(Batches.Rows(batch).Select(span => SpanText.Of(span.Batch, span.Row)));
        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
