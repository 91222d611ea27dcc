using Clew.EndToEnd.Tests.Processes;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>One server for all tests of a class; each test sends traces of its own.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    readonly TemporaryFolder _folder = new();

    internal ClewProcess Clew { get; private set; } = null!;

    public async Task InitializeAsync() => Clew = await ClewProcess.StartAsync(_folder.Path);

    public async Task DisposeAsync()
    {
        await Clew.DisposeAsync();
        _folder.Dispose();
    }
}
