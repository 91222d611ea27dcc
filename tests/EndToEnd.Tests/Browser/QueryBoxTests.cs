using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Clew.EndToEnd.Tests.Browser;

/// <summary>Searching by writing a query.</summary>
[Collection(BrowserCollection.Name)]
public sealed partial class QueryBoxTests(BrowserSession session)
{
    [BrowserFact]
    public Task A_query_in_the_simple_form_is_translated_answered_and_kept_in_the_address() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByTestId("query-input")).ToBeFocusedAsync();

        await page.GetByTestId("query-input").FillAsync("service=warehouse duration>=100ms tenant=nil");
        await Expect(page.GetByTestId("query-translation")).ToContainTextAsync("{ resource.service.name = `warehouse` && duration >= 100ms && .tenant = nil }");
        await Expect(page.GetByTestId("service-select")).ToBeDisabledAsync();
        await page.GetByTestId("query-input").PressAsync("Enter");
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(13);
        await Expect(page.GetByTestId("result-matched").First).ToHaveTextAsync("1 matched");
        await Expect(page).ToHaveURLAsync(Query());

        await page.ReloadAsync();
        await Expect(page.GetByTestId("query-input")).ToHaveValueAsync("service=warehouse duration>=100ms tenant=nil");
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(13);
        await page.GetByTestId("query-input").FillAsync("");
        await page.GetByTestId("search-button").ClickAsync();
        await Expect(page.GetByTestId("result-matched")).ToHaveCountAsync(0);
        await Expect(page.GetByTestId("service-select")).ToBeEnabledAsync();
        await page.GoBackAsync();
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(13);
    });

    [BrowserFact]
    public Task A_query_in_TraceQL_asks_for_whole_traces() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search?q=" + Uri.EscapeDataString("{ name = \"POST /checkout\" } >> { resource.service.name = \"payments\" }"));
        await Expect(page.GetByTestId("result-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("result-row")).ToHaveAttributeAsync("data-trace-id", session.Traces.CheckoutTraceId);
        await Expect(page.GetByTestId("result-matched")).ToHaveTextAsync("2 matched");
        await Expect(page.GetByTestId("query-translation")).ToHaveCountAsync(0);
    });

    [BrowserFact]
    public Task A_mistake_is_shown_at_its_place_and_corrected_there() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync("/search");
            await Expect(page.GetByTestId("result-row").First).ToBeVisibleAsync();
            await page.GetByTestId("query-input").FillAsync("service=shop duration>fast");
            await page.GetByTestId("query-input").PressAsync("Enter");
            await Expect(page.GetByTestId("query-problem")).ToContainTextAsync("duration is 'fast'; expected a duration");
            await Expect(page.GetByTestId("query-place").Locator("mark")).ToHaveTextAsync("f");
            await Expect(page.GetByTestId("query-input")).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(page.GetByTestId("stale-banner")).ToBeVisibleAsync();

            await page.GetByTestId("query-input").FillAsync("service=shop duration>400ms");
            await page.GetByTestId("query-input").PressAsync("Enter");
            await Expect(page.GetByTestId("query-problem")).ToHaveCountAsync(0);
            await Expect(page.GetByTestId("result-matched").First).ToBeVisibleAsync();
        },
        expectedErrors: ["status of 400"]);

    [BrowserFact]
    public Task A_query_for_time_series_says_where_it_belongs() => session.ShowAsync(
        async page =>
        {
            await page.GotoAsync("/search?q=" + Uri.EscapeDataString("{} | rate()"));
            await Expect(page.GetByTestId("query-problem")).ToContainTextAsync("asks for time series");
        },
        expectedErrors: ["status of 400"]);

    [BrowserFact]
    public Task Names_and_values_are_offered_while_a_query_is_typed() => session.ShowAsync(async page =>
    {
        await page.GotoAsync("/search");
        await page.GetByTestId("query-input").FillAsync("error=true ten");
        await Expect(page.Locator("datalist option[value='error=true tenant']")).ToHaveCountAsync(1);
        await page.GetByTestId("query-input").FillAsync("error=true tenant=a");
        await Expect(page.Locator("datalist option[value='error=true tenant=acme']")).ToHaveCountAsync(1);
    });

    [GeneratedRegex(@"/search\?q=service%3Dwarehouse\+duration%3E%3D100ms\+tenant%3Dnil$", RegexOptions.None, 1_000)]
    private static partial Regex Query();
}
