using System.Diagnostics;
using Clew.Storage.Blocks;

namespace Clew.Storage.Reading;

/// <summary>A view whose head and blocks stay readable until the lease is disposed, whatever becomes of them meanwhile.</summary>
internal readonly struct ViewLease : IDisposable
{
    ViewLease(StoreView view) => View = view;

    public StoreView View { get; }

    /// <exception cref="ObjectDisposedException">The store is gone, and its files with it.</exception>
    public static ViewLease Take(StoreContents contents)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(contents.IsDisposed, typeof(TraceStore));
            // What is already gone has been replaced, so the view at hand is no longer the current one.
            var view = contents.View;
            if (TryHold(view))
                return new ViewLease(view);
        }
    }

    /// <summary>Another lease, of some of the same blocks and not of the head, whose memory others need.</summary>
    public ViewLease Of(Func<Block, bool> isWanted)
    {
        var blocks = new StoreView([], [.. View.Blocks.Where(isWanted)]);
        var isHeld = TryHold(blocks);
        Debug.Assert(isHeld, "This lease holds them.");
        return new ViewLease(blocks);
    }

    public void Dispose() => LetGo(View, View.Segments.Length, View.Blocks.Length);

    static bool TryHold(StoreView view)
    {
        for (var segment = 0; segment < view.Segments.Length; segment++)
        {
            if (!view.Segments[segment].TryAcquire())
                return LetGo(view, segment, 0);
        }

        for (var block = 0; block < view.Blocks.Length; block++)
        {
            if (!view.Blocks[block].TryAcquire())
                return LetGo(view, view.Segments.Length, block);
        }

        return true;
    }

    static bool LetGo(StoreView view, int segmentCount, int blockCount)
    {
        for (var segment = 0; segment < segmentCount; segment++)
            view.Segments[segment].Release();
        for (var block = 0; block < blockCount; block++)
            view.Blocks[block].Release();
        return false;
    }
}
