using System.Diagnostics;
using System.Text.Json;
using Clew.EndToEnd.Tests.Wire;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clew.EndToEnd.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class TracePageTests(BrowserSession session)
{
    /// <summary>More rows than fit on any screen in use: a page that has more of them in its document has drawn what nobody sees.</summary>
    const int RowsInDocumentMax = 150;

    [BrowserFact]
    public Task A_link_to_a_span_opens_its_trace_with_the_span_selected() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.CheckoutTraceId}#{session.Traces.ChargeSpanId}");

        await Expect(page.GetByTestId("detail-name")).ToHaveTextAsync("charge card");
        await Expect(page.Locator($"[data-span-id='{session.Traces.ChargeSpanId}']")).ToHaveAttributeAsync("aria-selected", "true");
    });

    [BrowserFact]
    public Task A_trace_can_be_read_with_the_keyboard_alone() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.CheckoutTraceId}");
        var current = page.Locator("[data-testid=span-row][data-current=true]");
        await Expect(current).ToContainTextAsync("POST /checkout");

        await page.Keyboard.PressAsync("j");
        await Expect(current).ToContainTextAsync("reserve stock");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("detail-name")).ToHaveTextAsync("charge card");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("span-detail")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(4);
        await page.Keyboard.PressAsync("k");
        await Expect(current).ToContainTextAsync("reserve stock");

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByTestId("find-box")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("issuer");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("find-count")).ToContainTextAsync("/2");
        await Expect(current).ToHaveAttributeAsync("data-match", "true");
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByTestId("help-overlay")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByTestId("help-overlay")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("s");
        await Expect(page).ToHaveURLAsync("/search");
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.GetByTestId("result-row").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("trace-page")).ToBeVisibleAsync();
    });

    [BrowserFact]
    public Task A_trace_opened_by_its_id_takes_keys_at_once() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await page.GetByTestId("trace-id-input").FillAsync($"00-{session.Traces.CheckoutTraceId}-{session.Traces.ChargeSpanId}-01");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("waterfall")).ToBeFocusedAsync();
        await Expect(page.GetByTestId("trace-id-input")).ToHaveValueAsync("");
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("[data-testid=span-row][data-current=true]")).ToContainTextAsync("reserve stock");
    });

    [BrowserFact]
    public Task An_address_without_a_trace_id_says_what_one_is() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/trace/zzz");
        await Expect(page.GetByTestId("unknown-page")).ToContainTextAsync("zzz is not a trace id: one has 32 hexadecimal digits.");
    });

    [BrowserFact]
    public Task The_theme_follows_the_system_until_the_reader_chooses_and_remembers_the_choice() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync("/search");
            var root = page.Locator("html");
            await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
            var dark = await BackgroundAsync(page);

            await page.GetByTestId("theme-toggle").ClickAsync();
            await Expect(root).ToHaveAttributeAsync("data-theme", "light");
            Assert.NotEqual(dark, await BackgroundAsync(page));
            await page.ReloadAsync();
            await Expect(root).ToHaveAttributeAsync("data-theme", "light");
            await page.Keyboard.PressAsync("t");
            await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        },
        profile: new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });

    [BrowserFact]
    public Task Twenty_thousand_spans_open_scroll_fold_and_are_searched_with_few_rows_in_the_document() => session.ShowAsync(async page =>
    {
        var watch = Stopwatch.StartNew();
        await page.GotoAsync($"/trace/{session.Traces.LargeTraceId}");
        await Expect(page.GetByTestId("span-row").First).ToContainTextAsync("batch run");
        // A generous bound for a busy machine; opening takes a fraction of it.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await Expect(page.GetByTestId("shown-count")).ToContainTextAsync("20,000 spans");
        await AssertFewRowsAsync(page);

        await page.GetByTestId("waterfall").EvaluateAsync("scroller => scroller.scrollTop = scroller.scrollHeight");
        var last = page.GetByTestId("span-row").Filter(new() { HasText = "the very last call" });
        await Expect(last).ToBeInViewportAsync();
        await Expect(last).ToHaveAttributeAsync("aria-rowindex", "20000");
        await AssertFewRowsAsync(page);

        await page.GetByTestId("waterfall").EvaluateAsync("scroller => scroller.scrollTop = scroller.scrollHeight / 2");
        await Expect(last).ToHaveCountAsync(0);
        await AssertFewRowsAsync(page);

        await page.GetByTestId("find-box").FillAsync("very last");
        await Expect(page.GetByTestId("find-count")).ToHaveTextAsync("1/1");
        await Expect(last).ToBeInViewportAsync();

        await page.GetByTestId("collapse-all").ClickAsync();
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(1);
        await page.GetByTestId("expand-all").ClickAsync();
        await Expect(page.GetByTestId("shown-count")).ToContainTextAsync("20,000 spans");
        await AssertFewRowsAsync(page);
    });

    [BrowserFact]
    public Task A_broken_trace_is_shown_as_broken() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.BrokenTraceId}");

        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(7);
        await Expect(BadgeOf(page, "orphan")).ToContainTextAsync("00f0… missing");
        await Expect(BadgeOf(page, "hen")).ToContainTextAsync("cycle");
        await Expect(BadgeOf(page, "backwards")).ToContainTextAsync("ends before start");
        await Expect(page.GetByTestId("flaw-badge").Filter(new() { HasText = "duplicate id" }).First).ToBeVisibleAsync();

        await page.GetByTestId("span-row").Filter(new() { HasText = "orphan" }).ClickAsync();
        await Expect(page.GetByTestId("detail-flaw")).ToContainTextAsync("00f067aa0ba902b7");
    });

    [BrowserFact]
    public Task Spans_that_were_sent_again_are_neither_broken_nor_shown_twice_and_are_mentioned() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.RefundTraceId}");

        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("trace-span-count")).ToHaveTextAsync("1");
        await Expect(page.GetByTestId("trace-copies")).ToHaveTextAsync("1");
        await Expect(page.GetByTestId("trace-flaws")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task A_part_of_the_time_can_be_zoomed_into_and_left_again() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.CheckoutTraceId}");
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(4);
        await Expect(page.GetByTestId("reset-zoom")).ToHaveCountAsync(0);

        // Of a trace of 450 ms: the stock was reserved within the first 130.
        var isBefore = page.GetByTestId("span-row").Filter(new() { HasText = "reserve stock" }).GetByTitle("Before the zoomed part");
        await DragAsync(page, page.GetByTestId("ruler"), from: 0.5, to: 0.6);
        await Expect(page.GetByTestId("reset-zoom")).ToBeVisibleAsync();
        await Expect(isBefore).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("z");
        await Expect(page.GetByTestId("reset-zoom")).ToHaveCountAsync(0);
        await Expect(isBefore).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task A_trace_can_be_taken_away_as_OTLP_JSON() => session.ShowAsync(async page =>
    {
        await page.GotoAsync($"/trace/{session.Traces.CheckoutTraceId}");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByTestId("download-json").ClickAsync());

        Assert.Equal($"trace-{session.Traces.CheckoutTraceId}.json", download.SuggestedFilename);
        using var document = await JsonDocument.ParseAsync(await download.CreateReadStreamAsync());
        Assert.Equal(OtlpSpan.Describe(session.Traces.Checkout), OtlpSpan.Describe(OtlpJson.ReadTrace(document.RootElement)));
    });

    [BrowserFact]
    public Task On_a_narrow_screen_nothing_is_cut_off_and_details_open_below() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync("/search");
            await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
            await AssertNoSidewaysScrollingAsync(page);
            await page.GotoAsync($"/trace/{session.Traces.CheckoutTraceId}#{session.Traces.ChargeSpanId}");
            await Expect(page.GetByTestId("detail-name")).ToBeInViewportAsync();
            await Expect(page.Locator($"[data-span-id='{session.Traces.ChargeSpanId}']")).ToBeInViewportAsync();
            await AssertNoSidewaysScrollingAsync(page);
        },
        profile: new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 800, Height = 900 } });

    [BrowserFact]
    public Task What_a_sender_writes_is_text_wherever_it_is_shown() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await Expect(page.GetByTestId("result-row").First).ToContainTextAsync("<img src=x");
        await page.GotoAsync($"/trace/{session.Traces.HostileTraceId}#00000000000000e1");
        await Expect(page.GetByTestId("detail-name")).ToHaveTextAsync(SeedTraces.Script);
        await Expect(page.GetByTestId("detail-error")).ToContainTextAsync(SeedTraces.Script);
        await Expect(page.GetByTestId("detail-events")).ToContainTextAsync(SeedTraces.Script);
        await Expect(page.Locator("img")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task A_trace_that_is_not_stored_is_said_not_to_be_there() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync($"/trace/{new string('9', 32)}");
            await Expect(page.GetByTestId("not-found-state")).ToContainTextAsync(new string('9', 32));
        },
        expectedErrors: ["status of 404"]);

    [BrowserFact]
    public Task Every_page_is_served_under_a_strict_content_security_policy() => session.ShowAsync(async page =>
    {
        var response = await page.GotoAsync("/search");
        var policy = await response!.HeaderValueAsync("content-security-policy");
        Assert.NotNull(policy);
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("script-src[^;]*unsafe-inline", policy);
        Assert.Equal("nosniff", await response.HeaderValueAsync("x-content-type-options"));
    });

    static ILocator BadgeOf(IPage page, string operation) => page.GetByTestId("span-row").Filter(new() { HasText = operation }).GetByTestId("flaw-badge");

    static async Task AssertFewRowsAsync(IPage page) => Assert.InRange(await page.GetByTestId("span-row").CountAsync(), 10, RowsInDocumentMax);

    internal static async Task DragAsync(IPage page, ILocator locator, double from, double to)
    {
        var box = (await locator.BoundingBoxAsync())!;
        var height = box.Y + box.Height / 2;
        await page.Mouse.MoveAsync((float)(box.X + box.Width * from), height);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((float)(box.X + box.Width * to), height, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    static async Task AssertNoSidewaysScrollingAsync(IPage page) =>
        Assert.Equal(0, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"));

    static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
