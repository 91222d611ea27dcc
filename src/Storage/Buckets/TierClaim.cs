using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Clew.Storage.Buckets;

/// <summary>Proof that nobody else has changed this store's objects of a tier since this folder last did.</summary>
/// <remarks>
/// <para>A store's objects carry its id, so two stores never meet. What can meet is a data folder and a copy of it: a restored backup, a snapshot, started while the
/// original runs. Both list the same objects, and each would delete what it no longer needs and the other still does. So the object <c>claim</c> holds a token that is swapped,
/// on condition that it is the one this folder put there last, before each change that cannot be taken back. Who comes second finds a foreign token, and changes nothing more.</para>
/// <para>A copy may come first, while the original has nothing to change. So whoever runs swaps the token every few minutes, and whoever starts and finds a token of its own waits
/// for longer than that, changing nothing, to see whether it stays: if it does not, the other one is alive. No clock is compared with another.</para>
/// <para>The next token is written down before the swap, so that a crash between the two is recognised. Reads need no claim.</para>
/// </remarks>
internal sealed class TierClaim(string tier, IBucket bucket, ClaimLedger ledger, string folder, TimeProvider time, Action<StorageEvent> report)
{
    static readonly TimeSpan RenewalInterval = TimeSpan.FromMinutes(10), WatchTime = TimeSpan.FromMinutes(25);

    /// <summary>In the form of S3's tags, which are hashes: no content has it.</summary>
    const string NoVersion = "\"00000000000000000000000000000000\"";

    bool _isSettled;
    ulong _watched;
    long _watchedSince, _renewedAt;

    /// <summary>It should be swapped even if there is nothing to change.</summary>
    public bool IsDue => !_isSettled || time.GetElapsedTime(_renewedAt) >= RenewalInterval;

    string Key => $"{ledger.Store}/{tier}/claim";

    /// <summary>Finds out whether a copy of this folder is at work; to be asked until it is true, before anything is changed.</summary>
    /// <returns>False while that is not known.</returns>
    /// <exception cref="BucketException">One is.</exception>
    public bool TrySettle(string? witness, CancellationToken cancellation)
    {
        if (_isSettled)
            return true;
        if (_watched != 0 && time.GetElapsedTime(_watchedSince) < WatchTime)
            return false;
        if (bucket.FindSmall(Key, cancellation) is { } found)
        {
            var record = ClaimRecord.TryParse(found.Content.Span);
            if (record is null || !ledger.Knows(tier, record.Token))
                throw Foreign(record);
            if (record.Token != _watched)
            {
                (_watched, _watchedSince) = (record.Token, time.GetTimestamp());
                return false;
            }
        }

        Renew(witness, cancellation);
        return _isSettled = true;
    }

    /// <summary>Swaps the token.</summary>
    /// <param name="witness">The key of an object that must be there if this is the right bucket; null when there is none.</param>
    /// <exception cref="BucketException">Somebody else has it, it is another bucket, or the bucket does not answer.</exception>
    public void Renew(string? witness, CancellationToken cancellation)
    {
        var found = bucket.FindSmall(Key, cancellation);
        var record = found is null ? null : ClaimRecord.TryParse(found.Content.Span);
        if (found is not null && (record is null || !ledger.Knows(tier, record.Token)))
            throw Foreign(record);
        if (found is null && witness is not null && bucket.FindLength(witness, cancellation) is null)
        {
            throw new BucketException(
                bucket.NameOf(Key), "renewed", BucketFailure.Refused, $"neither it nor {bucket.NameOf(witness)} is there, which was written by this store",
                $"Is it the right bucket, and mounted? Nothing is changed there until storage.{tier} leads to this store's objects again.");
        }

        var next = new ClaimRecord(NewToken(), Environment.MachineName, folder, time.GetUtcNow());
        ledger.Save(tier, record?.Token ?? 0, next.Token);
        if (bucket.TrySwap(Key, next.ToBytes(), found?.Version, cancellation) is null)
            throw Foreign(bucket.FindSmall(Key, cancellation) is { } winner ? ClaimRecord.TryParse(winner.Content.Span) : null);
        _renewedAt = time.GetTimestamp();
        if (found is null)
            CheckThatConditionsHold(next, cancellation);
    }

    static ulong NewToken()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }

    // The same token once more, on the condition that there is none, and that it is one that never was: a server that takes it would take anything from anybody.
    void CheckThatConditionsHold(ClaimRecord mine, CancellationToken cancellation)
    {
        var ignored = new List<string>();
        foreach (var (condition, version) in (ReadOnlySpan<(string, string?)>)[("If-None-Match", null), ("If-Match", NoVersion)])
        {
            if (bucket.TrySwap(Key, (mine with { Host = $"{mine.Host} ({condition} probe)" }).ToBytes(), version, cancellation) is not null)
                ignored.Add(condition);
        }

        if (ignored.Count > 0)
        {
            report(new StorageEvent(
                StorageEventLevel.Warning,
                $"{bucket.Location} ignores conditional writes ({string.Join(", ", ignored)}), so a copy of this data folder cannot be kept from changing this store's objects. Never start one with the same storage.{tier}."));
        }
    }

    BucketException Foreign(ClaimRecord? holder) => new(
        bucket.NameOf(Key), "renewed", BucketFailure.Refused,
        (holder is null ? "it is not readable" : $"{holder.Host} has claimed this store's objects at {holder.Renewed.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z for its data folder {holder.Folder}")
            + ", and that is not the last this folder knows of it",
        "One of the two is a copy. Stop it, or give it another prefix; if the other is gone for good, delete that object, and this store takes over. Until then it reads there, and changes nothing.");
}
