using Microsoft.Playwright;

namespace Clew.EndToEnd.Tests.Browser;

/// <summary>Pages of others in the reader's browser: which may send spans, and none may read them.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ForeignPageTests(BrowserSession session)
{
    const string Read = "url => fetch(url).then(response => response.text(), error => error.name)";
    const string Send =
        "({ url, body }) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })"
        + ".then(async response => `${response.status} ${await response.text()}`, error => error.name)";

    [BrowserFact]
    public Task A_page_under_development_on_this_machine_may_send_spans_from_the_browser() => session.ShowAsync(async page =>
    {
        await OpenForeignPageAsync(page, "http://localhost:3000/");
        var traceId = new string('7', 32);

        var status = await page.EvaluateAsync<string>(Send, new { url = $"{session.Clew.OtlpHttp}v1/traces", body = Body(traceId) });

        Assert.Equal("200 {}", status);
        Assert.Equal("from a page", Assert.Single((await session.Clew.FindTraceAsync(traceId))!).Name);
    });

    [BrowserFact]
    public Task A_page_from_elsewhere_may_not_send_spans() => session.ShowAsync(
        async page =>
        {
            await OpenForeignPageAsync(page, "http://elsewhere.example/");
            var traceId = new string('8', 32);

            var status = await page.EvaluateAsync<string>(Send, new { url = $"{session.Clew.OtlpHttp}v1/traces", body = Body(traceId) });

            Assert.Equal("TypeError", status);
            Assert.Null(await session.Clew.FindTraceAsync(traceId));
        },
        expectedErrors: ["CORS policy", "ERR_FAILED"]);

    [BrowserFact]
    public Task A_page_from_elsewhere_may_not_read_traces() => session.ShowAsync(
        async page =>
        {
            await OpenForeignPageAsync(page, "http://localhost:3000/");

            var answer = await page.EvaluateAsync<string>(Read, $"{session.Clew.Ui}api/clew/v1/services");

            Assert.Equal("TypeError", answer);
        },
        expectedErrors: ["CORS policy", "ERR_FAILED"]);

    [BrowserFact]
    public Task A_name_that_was_pointed_at_this_machine_reads_nothing() => session.ShowAsync(
        async page =>
        {
            var response = await page.GotoAsync($"http://{BrowserSession.ReboundHost}:{session.Clew.Ui.Port}/api/clew/v1/services");

            Assert.InRange(response!.Status, 400, 499);
            Assert.DoesNotContain("shop", await response.TextAsync(), StringComparison.Ordinal);
        },
        expectedErrors: ["the server responded with a status of 4"]);

    static async Task OpenForeignPageAsync(IPage page, string address)
    {
        var answer = new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>a page</title><link rel=icon href='data:,'>" };
        await page.RouteAsync(address, route => route.FulfillAsync(answer));
        await page.GotoAsync(address);
        // While any route is intercepted, Playwright answers preflight requests itself.
        await page.UnrouteAllAsync();
    }

    static string Body(string traceId) =>
        """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"ID","spanId":"00000000000000f1","name":"from a page","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}"""
            .Replace("ID", traceId, StringComparison.Ordinal);
}
