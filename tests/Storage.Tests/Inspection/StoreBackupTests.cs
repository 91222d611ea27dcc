using Clew.Model;
using Clew.Storage.Inspection;

namespace Clew.Storage.Tests.Inspection;

/// <summary>Backups into folders of the operating system, and what is left of them when something fails.</summary>
public sealed class StoreBackupTests : IDisposable
{
    readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task When_the_name_of_a_backup_cannot_be_made_durable_the_cause_is_told_and_nothing_is_left()
    {
        await FillAsync(_temporary["data"]);
        using var snapshot = StoreSnapshot.Open(_temporary["data"]);
        var failing = new StoreBackup(snapshot, _temporary["backup"])
        {
            FlushFolder = folder =>
            {
                if (folder == _temporary.Path)
                    throw new IOException("the parent cannot be flushed");
            },
        };
        Assert.Equal("the parent cannot be flushed", Assert.Throws<IOException>(() => failing.Run()).Message);
        Assert.Equal([_temporary["data"]], Directory.GetFileSystemEntries(_temporary.Path));

        new StoreBackup(snapshot, _temporary["backup"]).Run();
        using var copy = StoreSnapshot.Open(_temporary["backup"]);
        Assert.Empty(StoreVerification.Run(copy).Damage);
    }

    static async Task FillAsync(string folder)
    {
        await using var store = await TraceStore.OpenAsync(new StorageOptions(), folder, TimeProvider.System);
        Assert.Equal(AppendOutcome.Stored, (await store.AppendAsync(Batches.Random(1), default)).Outcome);
    }
}
