using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>A place for blocks outside the data folder: this store's part of a bucket.</summary>
/// <remarks>
/// <para>Keys are <c>store id / tier / block number - random .block</c>: no key is ever used twice, by this store or another. The manifest of the data folder says which objects are
/// alive; there is no list of them in the bucket that could disagree with it.</para>
/// <para>The order of steps for a block that moves here: its key is written into the manifest as garbage; the object is created; the claim is renewed; the manifest lists the block and
/// drops its inputs. For one that goes: the manifest drops it and lists its key as garbage; the claim is renewed; the object is deleted. So whatever a crash leaves is in the manifest's
/// garbage, and nothing is ever deleted because a listing shows it.</para>
/// </remarks>
/// <param name="name">Part of the keys, and of the setting: "warm".</param>
internal sealed class Tier(string name, IBucket bucket, ClaimLedger ledger, TierClaim claim, PageReader pages, TimeProvider time) : IDisposable
{
    const string Suffix = ".block";

    readonly Outage _outage = new(time);
    readonly CancellationTokenSource _closing = new();
    readonly Lock _lock = new();
    readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    string _changeTrouble = "";

    /// <summary>Told when the bucket stops answering, and when it answers again.</summary>
    public Action<StorageEvent> Report { get; init; } = _ => { };

    public string Name => name;

    public string Location => bucket.Location;

    /// <summary>Whether blocks were ever about to move here, as far as the ledger of claims knows.</summary>
    public bool WasEverClaimed => ledger.Has(name);

    /// <summary>Why it cannot be read at the moment; empty when it can, as far as is known.</summary>
    public string OutageText => _outage.Text;

    /// <summary>It has not answered lately, and nobody but queries should try at once.</summary>
    public bool IsOut => _outage.IsRecent;

    /// <summary>Why nothing can be written or deleted there at the moment; empty when the last attempt went well.</summary>
    public string ChangeTrouble => Volatile.Read(ref _changeTrouble);

    string Prefix => $"{ledger.Store}/{name}/";

    public string NameOf(string key) => bucket.NameOf(key);

    /// <summary>The key of a block's object.</summary>
    public string KeyOf(BlockObject item) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{item.Block:D10}-{item.Tag:x16}.block");

    /// <summary>What makes a key one that nothing has had before.</summary>
    public static ulong NewTag()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Takes apart what <see cref="KeyOf"/> made; false for any other key.</summary>
    public bool TryParseKey(string key, out ulong block, out ulong tag)
    {
        (block, tag) = (0, 0);
        return key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.Ordinal)
            && key[Prefix.Length..^Suffix.Length].Split('-') is [var number, var random]
            && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out block)
            && ulong.TryParse(random, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out tag);
    }

    /// <summary>Creates an object with the content of a file.</summary>
    /// <param name="key">A <see cref="KeyOf"/>, which the manifest has as garbage.</param>
    public void Upload(string key, IReadableFile content, CancellationToken cancellation) => Change(() =>
    {
        // An object that is there already, under a key that only this upload knows, comes from an attempt whose answer was lost.
        if (!bucket.TryCreate(key, content, cancellation) && bucket.FindLength(key, cancellation) is var length && length != content.LengthBytes)
        {
            throw new BucketException(
                NameOf(key), "written", BucketFailure.Refused, $"there is an object of {length} bytes in the place of one of {content.LengthBytes}", "It is tried again with another key.");
        }

        return true;
    });

    /// <summary>The claim is to be settled, or renewed although there is nothing to change.</summary>
    public bool IsClaimDue => claim.IsDue;

    /// <summary>Finds out whether a copy of this folder is at work, before anything is changed.</summary>
    /// <returns>False while that is not known: to be asked again later.</returns>
    public bool TrySettle(string? witness, CancellationToken cancellation) => Change(() => claim.TrySettle(witness, cancellation));

    /// <summary>Makes sure that this store, and no copy of it, changes its objects here. To be called right before the manifest drops the inputs of an upload, and before objects are deleted.</summary>
    /// <param name="witness">The key of any object of this tier that the manifest lists; null when it lists none.</param>
    public void Renew(string? witness, CancellationToken cancellation) => Change(() =>
    {
        claim.Renew(witness, cancellation);
        return true;
    });

    /// <summary>A file that reads an object. It asks the bucket for nothing before it is read.</summary>
    public IReadableFile Open(string key, long lengthBytes)
    {
        lock (_lock)
            _open[key] = _open.GetValueOrDefault(key) + 1;
        return new BucketFile(this, key, lengthBytes, pages);
    }

    /// <summary>Whether somebody still reads an object.</summary>
    public bool IsOpen(string key)
    {
        lock (_lock)
            return _open.ContainsKey(key);
    }

    /// <summary>Deletes an object of this store.</summary>
    public void Delete(string key, CancellationToken cancellation) => Change(() =>
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            throw new BucketException(NameOf(key), "deleted", BucketFailure.Refused, "it is not of this store", "Delete it by hand, if you know whose it is.");
        bucket.Delete(key, cancellation);
        pages.Forget(BucketFile.IdOf(key));
        return true;
    });

    /// <summary>Removes what uploads left that a crash cut short.</summary>
    public void RemoveUnfinished(CancellationToken cancellation) => Change(() =>
    {
        bucket.RemoveUnfinished(Prefix, cancellation);
        return true;
    });

    /// <summary>This store's blocks that are there, for when the manifest that should say it is lost.</summary>
    public IReadOnlyList<BucketObject> List(CancellationToken cancellation) =>
        Change(() => bucket.List(Prefix, cancellation).Where(item => item.Key.EndsWith(Suffix, StringComparison.Ordinal)).ToArray());

    /// <summary>Reads from an object; while the bucket is out, fails at once.</summary>
    public int Read(string key, long offset, Memory<byte> target)
    {
        _outage.ThrowIfLasting(NameOf(key));
        try
        {
            var count = bucket.Read(key, offset, target, _closing.Token);
            if (_outage.End())
                Report(new StorageEvent(StorageEventLevel.Information, $"{Location} answers again."));
            return count;
        }
        catch (BucketException failure) when (failure.Failure != BucketFailure.Missing)
        {
            if (_outage.Begin(failure))
                Report(new StorageEvent(StorageEventLevel.Error, $"{failure.Message} What is there is missing from answers for as long as this lasts."));
            throw;
        }
    }

    public void Close(BucketFile file)
    {
        lock (_lock)
        {
            if (_open[file.Key] == 1)
                _open.Remove(file.Key);
            else
                _open[file.Key]--;
        }
    }

    /// <summary>Ends what is being read.</summary>
    public void Cancel() => _closing.Cancel();

    public void Dispose()
    {
        bucket.Dispose();
        _closing.Dispose();
    }

    T Change<T>(Func<T> call)
    {
        try
        {
            var result = call();
            Volatile.Write(ref _changeTrouble, "");
            return result;
        }
        catch (BucketException failure)
        {
            Volatile.Write(ref _changeTrouble, failure.Message);
            throw;
        }
    }
}
