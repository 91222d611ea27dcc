using Clew.Storage.Files;

namespace Clew.Storage.Tests;

/// <summary>A folder of the operating system in which single operations fail when a test says so.</summary>
internal sealed class HinderedFolder(string path) : IStorageFolder
{
    readonly DiskFolder _folder = DiskFolder.OpenOrCreate(path);

    /// <summary>Asked before each operation with its verb and the name of the file; what it throws is the failure.</summary>
    public Action<string, string> Before { get; set; } = (_, _) => { };

    public string Path => _folder.Path;

    /// <summary>What the disk has left; null for what it has indeed.</summary>
    public long? FreeBytesSaid { get; set; }

    public long FreeBytes => FreeBytesSaid ?? _folder.FreeBytes;

    public IDisposable Lock() => _folder.Lock();

    public IReadOnlyList<string> List() => _folder.List();

    public IStorageFile Create(string name)
    {
        Before("create", name);
        return new HinderedFile(this, _folder.Create(name), name);
    }

    public IReadableFile OpenToRead(string name)
    {
        Before("open", name);
        return _folder.OpenToRead(name);
    }

    public IStorageFile Open(string name)
    {
        Before("open", name);
        return new HinderedFile(this, _folder.Open(name), name);
    }

    public void Rename(string from, string to)
    {
        Before("rename", from);
        _folder.Rename(from, to);
    }

    public void Delete(string name)
    {
        Before("delete", name);
        _folder.Delete(name);
    }

    public void Flush()
    {
        Before("flush", "");
        _folder.Flush();
    }

    sealed class HinderedFile(HinderedFolder folder, IStorageFile file, string name) : IStorageFile
    {
        public string Path => file.Path;

        public long LengthBytes => file.LengthBytes;

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            folder.Before("write", name);
            file.Write(offset, parts);
        }

        public int Read(long offset, Span<byte> target)
        {
            folder.Before("read", name);
            return file.Read(offset, target);
        }

        public void Flush()
        {
            folder.Before("flush", name);
            file.Flush();
        }

        public void Preallocate(long lengthBytes) => file.Preallocate(lengthBytes);

        public void Truncate(long lengthBytes)
        {
            folder.Before("truncate", name);
            file.Truncate(lengthBytes);
        }

        public void Dispose() => file.Dispose();
    }
}
