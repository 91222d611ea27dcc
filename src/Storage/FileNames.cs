using System.Globalization;

namespace Clew.Storage;

/// <summary>The files of a data folder.</summary>
/// <remarks>
/// <code>
/// manifest               the live blocks
/// 0000000012.segment     write-ahead log, by number
/// 0000000003.block       sealed spans, by number
/// claims                 what this folder knows of its claims on buckets (Buckets)
/// buckets.cache          pages of blocks that live in buckets (Buckets)
/// *.tmp                  being written; removed at the next start
/// *.damaged              set aside because part of it could not be read; never touched again
/// lock                   held by the process that has the folder open
/// </code>
/// </remarks>
internal static class FileNames
{
    public const string Manifest = "manifest";
    public const string Claims = "claims";
    public const string BucketPages = "buckets.cache";
    public const string Temporary = ".tmp";
    public const string Damaged = ".damaged";

    const string SegmentSuffix = ".segment", BlockSuffix = ".block";

    public static string Segment(ulong id) => id.ToString("D10", CultureInfo.InvariantCulture) + SegmentSuffix;

    public static string Block(ulong id) => id.ToString("D10", CultureInfo.InvariantCulture) + BlockSuffix;

    public static bool TryParseSegment(string name, out ulong id) => TryParse(name, SegmentSuffix, out id);

    public static bool TryParseBlock(string name, out ulong id) => TryParse(name, BlockSuffix, out id);

    /// <summary>Whether a store makes files of this name, half-written ones included.</summary>
    public static bool IsOfStore(string name)
    {
        var finished = name.EndsWith(Temporary, StringComparison.Ordinal) ? name[..^Temporary.Length] : name;
        return finished == Manifest || TryParseBlock(finished, out _) || TryParseSegment(finished, out _);
    }

    static bool TryParse(string name, string suffix, out ulong id)
    {
        id = 0;
        return name.EndsWith(suffix, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
