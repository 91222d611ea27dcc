using System.Text;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>The distinct operations of a block as bytes.</summary>
/// <remarks><code>| count u32 | per operation: service length varint, service, name length varint, name, kind u8 |</code> UTF-8; neighbours mostly repeat, which compression takes care of.</remarks>
internal static class OperationTable
{
    public static void Write(ByteWriter to, IReadOnlyCollection<ServiceOperation> operations)
    {
        to.WriteUInt32((uint)operations.Count);
        foreach (var operation in operations.OrderBy(operation => operation.Service, StringComparer.Ordinal).ThenBy(operation => operation.Name, StringComparer.Ordinal))
        {
            WriteText(to, operation.Service);
            WriteText(to, operation.Name);
            to.WriteByte((byte)operation.Kind);
        }
    }

    public static ServiceOperation[] Read(ReadOnlySpan<byte> stored, string path, long offset)
    {
        var from = new ByteReader(stored, path, offset);
        var count = from.TakeUInt32();
        if (count > from.Remaining)
            from.Fail($"{count} operations", $"{from.Remaining} bytes");
        var operations = new ServiceOperation[count];
        for (var at = 0; at < operations.Length; at++)
        {
            operations[at] = new ServiceOperation(TakeText(ref from), TakeText(ref from), (SpanKind)from.TakeByte());
            if (operations[at].Kind > SpanKind.Consumer)
                from.Fail("a span kind", $"{(int)operations[at].Kind}");
        }

        from.ExpectEnd();
        return operations;
    }

    static void WriteText(ByteWriter to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        to.WriteVarint((ulong)bytes.Length);
        to.Write(bytes);
    }

    static string TakeText(ref ByteReader from) => Encoding.UTF8.GetString(from.Take(from.TakeCount(from.Remaining)));
}
