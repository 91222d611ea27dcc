namespace Clew.EndToEnd.Tests.Browser;

/// <summary>All browser tests share one browser, and one server with the traces of <see cref="SeedTraces"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserSession>
{
    internal const string Name = "browser";
}
