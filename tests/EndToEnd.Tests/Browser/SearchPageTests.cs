using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clew.EndToEnd.Tests.Browser;

[Collection(BrowserCollection.Name)]
public sealed class SearchPageTests(BrowserSession session)
{
    [BrowserFact]
    public Task A_search_leads_to_its_results_a_result_to_its_trace_and_a_span_to_all_it_holds() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/");
        await page.GetByTestId("service-select").SelectOptionAsync("shop");
        await page.GetByTestId("operation-select").SelectOptionAsync("POST /checkout");
        var result = page.GetByTestId("result-row");
        await Expect(result).ToHaveCountAsync(1);
        await Expect(result).ToContainTextAsync("POST /checkout");
        await Expect(result).ToContainTextAsync("4 spans");
        await Expect(page.GetByTestId("result-errors")).ToContainTextAsync("2 errors");
        await Expect(page.GetByTestId("scatter-point")).ToHaveCountAsync(1);

        await result.ClickAsync();
        await Expect(page).ToHaveURLAsync($"/trace/{session.Traces.CheckoutTraceId}");
        await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(4);

        await page.GetByTestId("span-row").Filter(new() { HasText = "charge card" }).ClickAsync();
        await AssertChargeIsShownAsync(page);
        await page.GetByTestId("span-link").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page).ToHaveURLAsync($"/trace/{session.Traces.RefundTraceId}#00000000000000d1");
        await Expect(page.GetByTestId("detail-name")).ToHaveTextAsync("refund");

        await page.GoBackAsync();
        await page.GoBackAsync();
        await Expect(page.GetByTestId("operation-select")).ToHaveValueAsync("POST /checkout");
        await Expect(result).ToHaveCountAsync(1);
    });

    [BrowserFact]
    public Task A_link_of_Jaegers_UI_is_the_same_search_here() => session.ShowAsync(async page =>
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        var tags = Uri.EscapeDataString("""{"tenant":"acme"}""");
        await page.GotoAsync(
            $"/search?end={now}&limit=20&lookback=1h&maxDuration=2.5s&minDuration=1s&operation=GET%20%2Fcatalogue&service=shop&start={now - 3_600_000_000}&tags={tags}");
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(4);
        await Expect(page.GetByTestId("tags-input")).ToHaveValueAsync("tenant=acme");
        await Expect(page.GetByTestId("operation-select")).ToHaveValueAsync("GET /catalogue");
        await Expect(page.GetByTestId("limit-select")).ToHaveValueAsync("20");
    });

    [BrowserFact]
    public Task Tags_and_durations_narrow_the_results() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await page.GetByTestId("service-select").SelectOptionAsync("shop");
        await page.GetByTestId("operation-select").SelectOptionAsync("GET /catalogue");
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(12);

        await page.GetByTestId("tags-input").FillAsync("tenant=acme");
        await page.GetByTestId("search-button").ClickAsync();
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(6);

        await page.GetByTestId("min-duration-input").FillAsync("1s");
        await page.GetByTestId("max-duration-input").FillAsync("2.5s");
        await page.GetByTestId("max-duration-input").PressAsync("Enter");
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(4);
        await Expect(page.GetByTestId("result-count")).ToContainTextAsync("4 traces");

        await page.GetByTestId("sort-longest").ClickAsync();
        await Expect(page.GetByTestId("result-duration").First).ToContainTextAsync("2.5");

        await page.ReloadAsync();
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(4);
        await Expect(page.GetByTestId("tags-input")).ToHaveValueAsync("tenant=acme");
    });

    [BrowserFact]
    public Task The_scatter_opens_the_trace_under_the_pointer_and_a_drag_across_it_narrows_the_time() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search?service=shop");
        await Expect(page.GetByTestId("scatter-point")).ToHaveCountAsync(15);
        await TracePageTests.DragAsync(page, page.GetByTestId("scatter"), from: 0.5, to: 0.99);
        await AssertCheckoutIsShownAndCatalogueIsNotAsync(page);
        await Expect(page.GetByTestId("area-chip")).ToBeVisibleAsync();

        await page.GetByTestId("area-search").ClickAsync();
        await Expect(page.GetByTestId("range-select")).ToHaveValueAsync("custom");
        await Expect(page.GetByTestId("area-chip")).ToHaveCountAsync(0);
        await AssertCheckoutIsShownAndCatalogueIsNotAsync(page);

        await page.Locator($"[data-testid=scatter-point][data-trace-id='{session.Traces.CheckoutTraceId}']").ClickAsync();
        await Expect(page.GetByTestId("trace-title")).ToContainTextAsync("POST /checkout");
    });

    [BrowserFact]
    public Task A_rectangle_on_the_scatter_shows_the_traces_in_it_and_no_other_until_it_is_taken_away() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await Expect(page.GetByTestId("scatter-point").First).ToBeVisibleAsync();
        var all = await page.GetByTestId("result-row").CountAsync();
        var (first, second, last) = (await CentreAsync(page, 1), await CentreAsync(page, 2), await CentreAsync(page, 12));

        // Up to between 250 and 500 ms, down to well below 100 ms: every one of the twelve has a span in there, and one is in there itself.
        await page.Mouse.MoveAsync(last.X - 12, (first.Y + second.Y) / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(first.X + 12, first.Y + 45, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByTestId("area-chip")).ToBeVisibleAsync();
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("result-row")).ToHaveAttributeAsync("data-trace-id", SeedTraces.BrowsingTraceId(1));
        await Expect(page.GetByTestId("result-count")).ToContainTextAsync($"1 of {all} traces");
        await Expect(page.GetByTestId("scatter-point")).ToHaveCountAsync(all);
        await Expect(page.Locator("[data-testid=scatter-point][data-outside=true]")).ToHaveCountAsync(all - 1);

        await page.GetByTestId("area-clear").ClickAsync();
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(all);
        await Expect(page.GetByTestId("area-chip")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task A_search_that_finds_nothing_says_so_and_offers_to_ask_for_less() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search?service=shop&tags=tenant%3Dnobody");
        await Expect(page.GetByTestId("no-match-state")).ToBeVisibleAsync();

        await page.GetByTestId("no-match-state").GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
    });

    [BrowserFact]
    public Task A_search_that_finds_nothing_because_of_a_misspelt_name_says_which_was_meant() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search?q=span.tenat%3Dnobody");
        await Expect(page.GetByTestId("query-hint")).ToHaveTextAsync("No span has the attribute span.tenat. Did you mean span.tenant?");
    });

    [BrowserFact]
    public Task A_wrong_duration_is_told_at_its_field_and_corrected_there() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
        await page.GetByTestId("min-duration-input").FillAsync("abc");
        await page.GetByTestId("search-button").ClickAsync();
        await Expect(page.GetByTestId("form-error")).ToContainTextAsync("abc");
        await Expect(page.GetByTestId("min-duration-input")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByTestId("max-duration-input")).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByTestId("stale-banner")).ToContainTextAsync("the results of the search before");
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();

        await page.GetByTestId("min-duration-input").FillAsync("400ms");
        await page.GetByTestId("search-button").ClickAsync();
        await Expect(page.GetByTestId("form-error")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("stale-banner")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
    });

    [BrowserFact]
    public Task What_only_the_server_finds_wrong_is_told_in_the_form_too() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync("/search?limit=1000000");
            await Expect(page.GetByTestId("form-error")).ToContainTextAsync("limit");
            await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(0);
        },
        expectedErrors: ["status of 400"]);

    [BrowserFact]
    public async Task A_server_without_data_explains_how_to_send_some_and_shows_the_first_trace_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var fresh = await ClewProcess.StartAsync(folder.Path);
        await session.ShowAsync(fresh.Ui, async page =>
        {
            await page.GotoAsync("/");
            await Expect(page.GetByTestId("empty-state")).ToContainTextAsync("OTEL_EXPORTER_OTLP_ENDPOINT");
            await Expect(page.GetByTestId("empty-state")).ToContainTextAsync("./clew demo --to http://");

            using var sender = OtlpSender.OverGrpc(fresh.OtlpGrpc);
            await sender.DeliverAsync(new SeedTraces(TimeProvider.System.GetUtcNow()).All.First());
            await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
        });
    }

    [BrowserFact]
    public async Task A_server_that_goes_away_is_reported_and_a_retry_works_once_it_is_back()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ClewProcess.StartAsync(folder.Path);
        using (var sender = OtlpSender.OverHttp(first.OtlpHttp))
            await sender.DeliverAsync(session.Traces.All.First());
        await session.ShowAsync(
            first.Ui,
            async page =>
            {
                await page.GotoAsync("/search");
                await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
                await first.KillAsync();

                await page.GetByTestId("refresh-button").ClickAsync();
                await Expect(page.GetByTestId("error-banner")).ToContainTextAsync("does not answer");
                await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
                await page.GetByTestId("result-row").ClickAsync();
                await Expect(page.GetByTestId("error-state")).ToContainTextAsync("does not answer");

                await using var second = await ClewProcess.StartAsync(folder.Path, $"listen.ui={first.Ui.Authority}");
                await page.GetByTestId("retry-button").ClickAsync();
                await Expect(page.GetByTestId("span-row")).ToHaveCountAsync(4);
                await page.GoBackAsync();
                await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
            },
            expectedErrors: ["ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET"]);
    }

    static async Task<(float X, float Y)> CentreAsync(IPage page, int browsing)
    {
        var box = (await page.Locator($"[data-testid=scatter-point][data-trace-id='{SeedTraces.BrowsingTraceId(browsing)}']").BoundingBoxAsync())!;
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }

    static async Task AssertCheckoutIsShownAndCatalogueIsNotAsync(IPage page)
    {
        await Expect(page.GetByTestId("result-row").Filter(new() { HasText = "GET /catalogue" })).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("result-row").Filter(new() { HasText = "POST /checkout" })).ToHaveCountAsync(1);
    }

    static async Task AssertChargeIsShownAsync(IPage page)
    {
        await Expect(page.GetByTestId("detail-name")).ToHaveTextAsync("charge card");
        await Expect(page.GetByTestId("detail-error")).ToContainTextAsync("issuer said no");
        var attributes = page.GetByTestId("detail-attributes").GetByTestId("attribute-row");
        await Expect(attributes).ToHaveCountAsync(6);
        await Expect(attributes.Nth(0)).ToContainTextAsync("payment.amount");
        await Expect(attributes.Nth(0)).ToContainTextAsync("42");
        await Expect(attributes.Nth(4)).ToContainTextAsync("capture");
        await Expect(attributes.Nth(5)).ToContainTextAsync("3 bytes");
        var events = page.GetByTestId("detail-events").GetByTestId("event");
        await Expect(events).ToHaveCountAsync(2);
        await Expect(events.Nth(0)).ToContainTextAsync("retrying");
        await Expect(events.Nth(1)).ToContainTextAsync("at Charge(Card card)");
        await Expect(page.GetByTestId("detail-links").GetByTestId("span-link")).ToContainTextAsync("earlier refund");
        await Expect(page.GetByTestId("detail-resource")).ToContainTextAsync("payments");
        await Expect(page.GetByTestId("detail-scope")).ToContainTextAsync("shop.checkout");
    }
}
