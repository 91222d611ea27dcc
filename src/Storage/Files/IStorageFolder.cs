namespace Clew.Storage.Files;

/// <summary>The folder that holds a store: files by name, no subfolders. Creations, renames and deletions are durable only after <see cref="Flush"/>.</summary>
internal interface IStorageFolder : IReadableFolder
{
    /// <summary>Bytes that new files can still take.</summary>
    long FreeBytes { get; }

    /// <summary>Claims the folder for this store until the answer is disposed.</summary>
    /// <exception cref="StoreLockedException">Another store has it.</exception>
    IDisposable Lock();

    /// <summary>Creates an empty file; an existing one of that name is replaced.</summary>
    IStorageFile Create(string name);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    IStorageFile Open(string name);

    /// <summary>Gives a file another name, replacing what had it.</summary>
    void Rename(string from, string to);

    void Delete(string name);

    void Flush();
}
