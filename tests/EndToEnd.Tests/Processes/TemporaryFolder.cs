namespace Clew.EndToEnd.Tests.Processes;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clew-e2e-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
