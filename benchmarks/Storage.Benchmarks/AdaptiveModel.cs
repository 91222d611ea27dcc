using System.Numerics;
using System.Runtime.InteropServices;

namespace Clew.Storage.Benchmarks;

/// <summary>What an arithmetic coder would spend on symbols whose frequencies it learns as it goes, in a context each.</summary>
/// <remarks>
/// A symbol seen n times among t in its context, which has d distinct ones, costs log2((t + d) / n); a new one costs log2((t + d) / d) and its literal (method C of prediction by
/// partial matching). What is learned is paid for, so that the sums are lengths of a code that exists, and not of a table that came for free.
/// </remarks>
internal sealed class AdaptiveModel
{
    readonly Dictionary<(ulong Context, ulong Symbol), int> _counts = [];
    readonly Dictionary<ulong, (int Total, int Distinct)> _contexts = [];

    public double Cost(ulong context, ulong symbol, double literalBits)
    {
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_contexts, context, out _);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, (context, symbol), out var known);
        double all = seen.Total + seen.Distinct;
        var bits = known ? Math.Log2(all / count) : literalBits + (seen.Distinct == 0 ? 0 : Math.Log2(all / seen.Distinct));
        seen = (seen.Total + 1, seen.Distinct + (known ? 0 : 1));
        count++;
        return bits;
    }

    /// <summary>A number that is smooth within an eighth of its magnitude: what is below the upper three bits is noise, and costs what it is long.</summary>
    public double CostOfMagnitude(ulong context, ulong number)
    {
        var noiseBits = Math.Max(0, 64 - BitOperations.LeadingZeroCount(number) - 3);
        return Cost(context, ((ulong)noiseBits << 3) | (number >> noiseBits), 9) + noiseBits;
    }
}
