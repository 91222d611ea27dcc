using System.Runtime.InteropServices;
using Clew.Model;

namespace Clew.Storage.Head;

/// <summary>Finds the rows of a trace by looking at all ids of a batch, which the vector unit does at the speed of memory.</summary>
internal static class TraceScan
{
    /// <summary>The first row at or after <paramref name="from"/> that belongs to the trace; -1 when there is none.</summary>
    public static int Find(ReadOnlySpan<TraceId> ids, TraceId id, int from)
    {
        // Halves are compared wherever they stand: a low half that looks like the high one is sorted out below.
        var halves = MemoryMarshal.Cast<TraceId, ulong>(ids);
        var at = from * 2;
        while (halves[at..].IndexOf(id.High) is var step && step >= 0)
        {
            at += step;
            if ((at & 1) == 0 && halves[at + 1] == id.Low)
                return at >> 1;
            at++;
        }

        return -1;
    }
}
