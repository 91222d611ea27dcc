using System.Globalization;
using System.Security.Cryptography;
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
    readonly Outage _outage = new(time);
    readonly Lock _lock = new();
    readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    string _changeTrouble = "";

    public string Name => name;

    public string Location => bucket.Location;

    /// <summary>Why it cannot be read at the moment; empty when it can, as far as is known.</summary>
    public string OutageText => _outage.Text;

    /// <summary>Why nothing can be written or deleted there at the moment; empty when the last attempt went well.</summary>
    public string ChangeTrouble => Volatile.Read(ref _changeTrouble);

    string Prefix => $"{ledger.Store}/{name}/";

    public string NameOf(string key) => bucket.NameOf(key);

    /// <summary>A key that nothing has had before.</summary>
    public string NewKey(ulong block) => string.Create(
        CultureInfo.InvariantCulture, $"{Prefix}{block:D10}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}.block");

    /// <summary>Creates an object with the content of a file.</summary>
    /// <param name="key">One of <see cref="NewKey"/>, which the manifest has as garbage.</param>
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

    /// <summary>Deletes an object, unless a query still reads it.</summary>
    /// <returns>Whether it is gone.</returns>
    public bool TryDelete(string key, CancellationToken cancellation)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            throw new BucketException(NameOf(key), "deleted", BucketFailure.Refused, "it is not of this store", "Delete it by hand, if you know whose it is.");
        lock (_lock)
        {
            if (_open.ContainsKey(key))
                return false;
        }

        return Change(() =>
        {
            bucket.Delete(key, cancellation);
            return true;
        });
    }

    /// <summary>Removes what uploads left that a crash cut short.</summary>
    public void RemoveUnfinished(CancellationToken cancellation) => Change(() =>
    {
        bucket.RemoveUnfinished(Prefix, cancellation);
        return true;
    });

    /// <summary>This store's blocks that are there, for when the manifest that should say it is lost.</summary>
    public IReadOnlyList<BucketObject> List(CancellationToken cancellation) =>
        Change(() => bucket.List(Prefix, cancellation).Where(item => item.Key.EndsWith(".block", StringComparison.Ordinal)).ToArray());

    /// <summary>Reads from an object; while the bucket is out, fails at once.</summary>
    public int Read(string key, long offset, Memory<byte> target)
    {
        _outage.ThrowIfLasting(NameOf(key));
        try
        {
            var count = bucket.Read(key, offset, target, CancellationToken.None);
            _outage.End();
            return count;
        }
        catch (BucketException failure) when (failure.Failure != BucketFailure.Missing)
        {
            _outage.Begin(failure);
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

    public void Dispose() => bucket.Dispose();

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
