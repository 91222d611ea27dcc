using System.Buffers;

namespace Clew.Storage.Blocks.Search;

/// <summary>Which row groups of a block use its shared shapes and scopes: the directories of all row groups, turned around, so that a search need not go through them.</summary>
internal sealed class GroupUses
{
    /// <summary>So many bytes of directories are read at a time, or a single one that is longer.</summary>
    const int ReadBytes = 1 << 18;

    GroupUses(Occurrences shapes, Occurrences scopes, int[] withOwnShapes, int[] damaged, long startsBytes)
    {
        (Shapes, Scopes, WithOwnShapes, Damaged) = (shapes, scopes, withOwnShapes, damaged);
        MemoryBytes = shapes.MemoryBytes + scopes.MemoryBytes + startsBytes + (withOwnShapes.Length + damaged.Length) * (long)sizeof(int);
    }

    public Occurrences Shapes { get; }

    public Occurrences Scopes { get; }

    /// <summary>Row groups with shapes of their own: the shared ones are only part of what they have.</summary>
    public int[] WithOwnShapes { get; }

    /// <summary>Row groups whose directory is damaged: they may have anything, and are reported when their turn comes to be read.</summary>
    public int[] Damaged { get; }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes { get; }

    /// <summary>Reads the directories of all row groups.</summary>
    public static GroupUses Read(BlockFile file, BlockIndex index, int shapeCount, int scopeCount)
    {
        var groups = index.Groups;
        var starts = new StretchStarts(groups);
        using var shapes = new OccurrenceCollector(starts, shapeCount);
        using var scopes = new OccurrenceCollector(starts, scopeCount);
        List<int> withOwnShapes = [], damaged = [];
        var directory = new RowGroupDirectory();
        for (int from = 0, to; from < groups.Length; from = to)
        {
            to = EndOfRead(groups, from);
            var (offset, bytes) = (groups[from].DirectoryOffset, (int)(groups[to - 1].DirectoryOffset + groups[to - 1].DirectoryBytes - groups[from].DirectoryOffset));
            var rented = ArrayPool<byte>.Shared.Rent(bytes);
            try
            {
                file.ReadExactly(offset, rented.AsSpan(0, bytes));
                foreach (var group in groups.AsSpan(from..to))
                    Add(group, rented.AsSpan((int)(group.DirectoryOffset - offset), group.DirectoryBytes));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        return new GroupUses(shapes.ToOccurrences(), scopes.ToOccurrences(), [.. withOwnShapes], [.. damaged], starts.MemoryBytes);

        void Add(RowGroupInfo group, ReadOnlySpan<byte> stored)
        {
            if (!TryRead(directory, stored, group, file.Path) || !AreBelow(directory.Shapes, shapeCount) || !AreBelow(directory.Scopes, scopeCount))
            {
                damaged.Add(group.Number);
                return;
            }

            shapes.Add(group.Number, directory.Shapes);
            scopes.Add(group.Number, directory.Scopes);
            if (directory.OwnShapes > 0)
                withOwnShapes.Add(group.Number);
        }
    }

    // They lie one behind the other.
    static int EndOfRead(RowGroupInfo[] groups, int from)
    {
        var end = from + 1;
        while (end < groups.Length && groups[end].DirectoryOffset + groups[end].DirectoryBytes - groups[from].DirectoryOffset <= ReadBytes)
            end++;
        return end;
    }

    static bool TryRead(RowGroupDirectory directory, ReadOnlySpan<byte> stored, RowGroupInfo group, string path)
    {
        try
        {
            directory.Read(stored, group, path);
            return true;
        }
        catch (CorruptFileException)
        {
            return false;
        }
    }

    static bool AreBelow(IReadOnlyList<RowGroupDirectory.Used> used, int count) => used.Count == 0 || used[^1].Number < count;
}
