using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>A batch whose rows are appended to a block, with what its strings and scopes are there. Made by <see cref="BlockWriter.Map"/>; for one writer.</summary>
internal sealed class RowSource
{
    /// <summary>A string not met yet, and one that is not among the shared ones.</summary>
    public const int Unknown = 0, NotShared = -1;

    readonly List<int> _locals = [];

    public RowSource(SpanBatch batch)
    {
        Batch = batch;
        Codes = new int[batch.Strings.Count];
        Scopes = new int[batch.Scopes.Count];
        Array.Fill(Scopes, -1);
    }

    public SpanBatch Batch { get; }

    /// <summary>Per string of the batch its code in the row group at hand, or one of the above. The empty string is 0 in both.</summary>
    public int[] Codes { get; }

    /// <summary>Per scope of the batch its row in the block; -1 while unknown.</summary>
    public int[] Scopes { get; }

    /// <summary>The row group that its rows were last added to.</summary>
    public int Group { get; set; } = -1;

    public void SetLocal(int code, int local)
    {
        Codes[code] = local;
        _locals.Add(code);
    }

    /// <summary>The next row group has strings of its own.</summary>
    public void ForgetLocals()
    {
        foreach (var code in _locals)
            Codes[code] = NotShared;
        _locals.Clear();
    }
}
