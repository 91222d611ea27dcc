using Clew.Storage.Files;

namespace Clew.Storage.Tests.Inspection;

/// <summary>A folder that is read while a store works in it: before each step of the reader, the store may take some of its own.</summary>
internal sealed class RacingFolder(IStorageFolder folder, Action between) : IReadableFolder
{
    public string Path => folder.Path;

    public IReadOnlyList<string> List()
    {
        between();
        return folder.List();
    }

    public IReadableFile OpenToRead(string name)
    {
        between();
        return new RacingFile(folder.OpenToRead(name), between);
    }

    sealed class RacingFile(IReadableFile file, Action between) : IReadableFile
    {
        const int PieceBytes = 1_000;

        public string Path => file.Path;

        public long LengthBytes => file.LengthBytes;

        // A read of much is several reads to the system, and a write may come between any two of them.
        public int Read(long offset, Span<byte> target)
        {
            var count = 0;
            while (count < target.Length)
            {
                between();
                var read = file.Read(offset + count, target.Slice(count, Math.Min(PieceBytes, target.Length - count)));
                if (read == 0)
                    break;
                count += read;
            }

            return count;
        }

        public void Dispose() => file.Dispose();
    }
}
