namespace Clew.Storage.Files;

/// <summary>The folder that holds a store, as whoever only reads it sees it: nothing in it can be changed through this.</summary>
internal interface IReadableFolder
{
    string Path { get; }

    /// <summary>The names of all files, in ordinal order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a file to read. What is open stays readable, whatever becomes of its name.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    IReadableFile OpenToRead(string name);
}
