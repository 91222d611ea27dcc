using Clew.Storage.Files;

namespace Clew.Storage.Tests;

/// <summary>The data folder itself: what is made of one that is new, and of one that cannot be used.</summary>
public sealed class DiskFolderTests
{
    [Fact]
    public void A_new_folder_is_made_durable_in_its_parent_and_an_old_one_is_not_touched()
    {
        using var parent = new TemporaryFolder();
        var flushed = new List<string>();
        DiskFolder.OpenOrCreate(parent["data"], flushed.Add);
        DiskFolder.OpenOrCreate(parent["data"], flushed.Add);
        Assert.Equal([parent.Path], flushed);
    }

    [Fact]
    public void Only_a_lock_that_someone_holds_is_called_one()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["lock"], folder["lock"]);
        var failure = Assert.Throws<StoreFolderException>(() => DiskFolder.OpenOrCreate(folder.Path).Lock());
        Assert.Contains(folder["lock"], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_refused_with_the_reason()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var failure = Assert.Throws<StoreFolderException>(() => DiskFolder.OpenOrCreate("/proc/clew"));
        Assert.Contains("cannot be created, because /proc does not take", failure.Message, StringComparison.Ordinal);
    }
}
