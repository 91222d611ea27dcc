using System.Collections.Immutable;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>The manifest of an open store. Sealing and compaction change it, each in one step, one after the other.</summary>
/// <remarks>
/// When saving fails, the new manifest may be on disk or not, and the one before goes on to be the truth here: the next change is made from it. So whoever failed must be
/// ready for both: nothing may be deleted that either of the two lists, and a block that one of them lists is offered again rather than replaced.
/// </remarks>
internal sealed class ManifestFile(IStorageFolder folder, Manifest manifest)
{
    readonly Lock _lock = new();
    Manifest _current = manifest;
    ulong _generation = manifest.Generation, _nextBlock = manifest.NextBlock;
    bool _isUncertain;

    /// <summary>What is certainly on disk, unless a change failed since.</summary>
    public Manifest Current => Volatile.Read(ref _current);

    /// <summary>A number that no block ever had.</summary>
    public ulong TakeBlockId()
    {
        lock (_lock)
            return _nextBlock++;
    }

    /// <summary>Makes a change durable, then calls <paramref name="publish"/> before any other change is made.</summary>
    /// <exception cref="IOException">It could not be saved, as far as is known.</exception>
    public void Commit(Func<Manifest, Manifest> change, Action publish)
    {
        lock (_lock)
        {
            // Two manifests never share a generation, even when the first of them may not have reached the disk.
            var next = change(_current);
            next = next with { Generation = ++_generation, NextBlock = _nextBlock, Garbage = GarbageAfter(_current, next) };
            _isUncertain = true;
            next.Save(folder);
            _isUncertain = false;
            Volatile.Write(ref _current, next);
            publish();
        }
    }

    /// <summary>Makes sure that what is on disk is <see cref="Current"/>, and no change that failed: before anything is deleted that such a change may list.</summary>
    /// <exception cref="IOException">It could not be saved, as far as is known.</exception>
    public void Settle()
    {
        lock (_lock)
        {
            if (_isUncertain)
                Commit(current => current, () => { });
        }
    }

    // What leaves a bucket is garbage there from the same moment on; what comes to be listed there is none any more.
    static ImmutableArray<BlockObject> GarbageAfter(Manifest before, Manifest after)
    {
        var listed = after.Blocks.Select(block => block.Object).ToHashSet();
        return [.. after.Garbage.Where(item => !listed.Contains(item)), .. before.Blocks.Where(block => block.Place != BlockPlace.Folder && !listed.Contains(block.Object)).Select(block => block.Object)];
    }
}
