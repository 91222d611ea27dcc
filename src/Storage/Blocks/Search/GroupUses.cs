using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>Which row groups of a block use its shared shapes and scopes: the directories of all row groups, turned around, so that a search need not go through them.</summary>
internal sealed class GroupUses
{
    GroupUses(Occurrences shapes, Occurrences scopes, int[] withOwnShapes, int[] damaged) =>
        (Shapes, Scopes, WithOwnShapes, Damaged) = (shapes, scopes, withOwnShapes, damaged);

    public Occurrences Shapes { get; }

    public Occurrences Scopes { get; }

    /// <summary>Row groups with shapes of their own: the shared ones are only part of what they have.</summary>
    public int[] WithOwnShapes { get; }

    /// <summary>Row groups whose directory is damaged: they may have anything, and are reported when their turn comes to be read.</summary>
    public int[] Damaged { get; }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => Shapes.MemoryBytes + Scopes.MemoryBytes + (WithOwnShapes.Length + Damaged.Length) * 4L;

    /// <param name="directories">Those of all row groups, see <see cref="BlockTables.Directories"/>.</param>
    public static GroupUses Read(byte[] directories, BlockIndex index, int shapeCount, int scopeCount, string path)
    {
        var directory = new RowGroupDirectory();
        List<(int, Occurrences.Place)> shapes = [], scopes = [];
        List<int> withOwnShapes = [], damaged = [];
        foreach (var group in index.Groups)
        {
            var (shapesBefore, scopesBefore) = (shapes.Count, scopes.Count);
            if (TryRead(group) && TryAdd(directory.Shapes, shapeCount, group, shapes) && TryAdd(directory.Scopes, scopeCount, group, scopes))
            {
                if (directory.OwnShapes > 0)
                    withOwnShapes.Add(group.Number);
                continue;
            }

            damaged.Add(group.Number);
            shapes.RemoveRange(shapesBefore, shapes.Count - shapesBefore);
            scopes.RemoveRange(scopesBefore, scopes.Count - scopesBefore);
        }

        return new GroupUses(Occurrences.Of(shapeCount, shapes), Occurrences.Of(scopeCount, scopes), [.. withOwnShapes], [.. damaged]);

        bool TryRead(RowGroupInfo group)
        {
            try
            {
                directory.Read(directories, (int)(group.DirectoryOffset - index.DirectoriesOffset), group, path);
                return true;
            }
            catch (CorruptFileException)
            {
                return false;
            }
        }
    }

    static bool TryAdd(IReadOnlyList<RowGroupDirectory.Used> used, int count, RowGroupInfo group, List<(int, Occurrences.Place)> to)
    {
        foreach (var use in used)
        {
            if (use.Number >= count)
                return false;
            to.Add((use.Number, new Occurrences.Place(group.Number, use.StartMax)));
        }

        return true;
    }
}
