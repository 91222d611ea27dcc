using System.Collections.Immutable;
using Clew.Storage.Blocks;

namespace Clew.Storage;

/// <summary>A view whose blocks stay readable until the lease is disposed, whatever becomes of them meanwhile.</summary>
internal readonly struct ViewLease : IDisposable
{
    readonly ImmutableArray<Block> _held;

    ViewLease(StoreView view)
    {
        View = view;
        _held = view.Blocks;
    }

    public StoreView View { get; }

    /// <exception cref="ObjectDisposedException">The store is gone, and its files with it.</exception>
    public static ViewLease Take(StoreContents contents)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(contents.IsDisposed, typeof(TraceStore));
            // A block that is already gone has been replaced, so the view at hand is no longer the current one.
            var view = contents.View;
            if (TryHold(view.Blocks))
                return new ViewLease(view);
        }
    }

    public void Dispose()
    {
        foreach (var block in _held)
            block.Release();
    }

    static bool TryHold(ImmutableArray<Block> blocks)
    {
        for (var at = 0; at < blocks.Length; at++)
        {
            if (blocks[at].TryAcquire())
                continue;
            for (var held = 0; held < at; held++)
                blocks[held].Release();
            return false;
        }

        return true;
    }
}
