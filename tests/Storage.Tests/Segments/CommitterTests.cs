using Clew.Model;
using Clew.Storage.Files;
using Clew.Storage.Segments;

namespace Clew.Storage.Tests.Segments;

/// <summary>What the committer answers before anything is queued.</summary>
public sealed class CommitterTests
{
    [Fact]
    public async Task A_batch_larger_than_a_record_is_refused_for_good_and_counted()
    {
        using var folder = new TemporaryFolder();
        var options = new StorageOptions();
        var contents = new StoreContents(new OperationCatalog());
        var log = new SegmentLog(DiskFolder.OpenOrCreate(folder.Path), contents, options, TimeProvider.System, _ => { });
        var committer = new Committer(log, contents, options, TimeProvider.System) { RecordBytesMax = 100 };
        var result = await committer.AppendAsync(Batches.Random(1), default);
        Assert.Equal(AppendOutcome.TooLarge, result.Outcome);
        Assert.Equal(TimeSpan.Zero, result.RetryAfter);
        Assert.Contains("smaller", result.Reason, StringComparison.Ordinal);
        Assert.Equal((1L, 0L), (committer.RefusedCount, committer.InFlightBytes));
    }
}
