using System.Runtime.CompilerServices;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;
using Microsoft.Playwright;

namespace Clew.EndToEnd.Tests.Browser;

/// <summary>One Chromium and one seeded server for all browser tests; each test has a profile of its own.</summary>
public sealed class BrowserSession : IAsyncLifetime
{
    // Longer than the page's own 5 s between two looks for new traces, and generous on a busy machine.
    const int StepMillisMax = 20_000;

    /// <summary>A stranger's host name, whose address is this machine's as far as the browser can tell.</summary>
    internal const string ReboundHost = "rebound.example";

    readonly TemporaryFolder _folder = new();
    IPlaywright? _playwright;
    IBrowser? _browser;

    internal ClewProcess Clew { get; private set; } = null!;

    internal SeedTraces Traces { get; } = new(TimeProvider.System.GetUtcNow());

    public async Task InitializeAsync()
    {
        // Without a browser every test of the collection is skipped, or fails where it opens a page.
        if (Chromium.ExecutablePath is null)
            return;
        Assertions.SetDefaultExpectTimeout(StepMillisMax);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.ExecutablePath,
            // The sandbox needs privileges that a container does not give; the rest keeps Chromium from talking to anyone but the server.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
                // Chromium would ask its user before a page reaches this machine: what is tested is that the server needs no such help.
                "--disable-features=LocalNetworkAccessChecks",
                $"--host-resolver-rules=MAP {ReboundHost} 127.0.0.1",
            ],
        });
        Clew = await ClewProcess.StartAsync(_folder.Path);
        using var sender = OtlpSender.OverHttp(Clew.OtlpHttp);
        foreach (var trace in Traces.All)
            await sender.DeliverAsync(trace);
    }

    /// <summary>
    /// Runs a scenario in a new browser profile. It fails when the page reports an error on its console (a violated content security policy is one), unless the
    /// scenario announces it; then a screenshot is left under TestResults.
    /// </summary>
    /// <param name="expectedErrors">Parts of the console errors that belong to the scenario.</param>
    internal async Task ShowAsync(
        Uri address, Func<IPage, Task> scenario, string[]? expectedErrors = null, BrowserNewContextOptions? profile = null, [CallerMemberName] string name = "")
    {
        if (_browser is null)
            throw new InvalidOperationException("There is no Chromium: install it, for example with 'apt-get install chromium'.");
        profile ??= new BrowserNewContextOptions();
        profile.BaseURL = address.ToString();
        profile.ViewportSize ??= new ViewportSize { Width = 1440, Height = 900 };
        await using var context = await _browser.NewContextAsync(profile);
        context.SetDefaultTimeout(StepMillisMax);
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Add(message.Text);
        };
        page.PageError += (_, error) => errors.Add(error);
        try
        {
            await scenario(page);
            Assert.All(errors, error => Assert.Contains(expectedErrors ?? [], expected => error.Contains(expected, StringComparison.Ordinal)));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            var screenshot = Path.Combine(Repository.Root, "TestResults", $"{name}.png");
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = screenshot });
            throw new InvalidOperationException($"{failed.Message}\nThe page is shown in {screenshot}; its console said: {string.Join("; ", errors)}", failed);
        }
    }

    internal Task ShowAsync(
        Func<IPage, Task> scenario, string[]? expectedErrors = null, BrowserNewContextOptions? profile = null, [CallerMemberName] string name = "") =>
        ShowAsync(Clew.Ui, scenario, expectedErrors, profile, name);

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (Clew is not null)
            await Clew.DisposeAsync();
        _folder.Dispose();
    }
}
