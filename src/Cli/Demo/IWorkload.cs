namespace Clew.Cli.Demo;

/// <summary>A small distributed system that handles requests and is instrumented as a real one would be.</summary>
internal interface IWorkload : IDisposable
{
    /// <summary>Handles one request from start to end: one trace, sometimes a few linked ones. Simulated failures end up in spans, not here.</summary>
    Task HandleAsync(CancellationToken cancellation);
}
