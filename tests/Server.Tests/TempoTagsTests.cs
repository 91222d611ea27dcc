using System.Net;
using System.Text.Json;

namespace Clew.Server.Tests;

/// <summary>Which tags there are and which values they have, in both versions of Tempo's API.</summary>
public sealed class TempoTagsTests
{
    const string Intrinsics =
        "duration name status statusMessage kind rootServiceName rootName traceDuration event:name event:timeSinceStart link:spanID link:traceID instrumentation:name "
        + "instrumentation:version trace:id span:id span:parentID span:status span:statusMessage span:duration span:name span:kind trace:rootName trace:rootService trace:duration";

    [Theory]
    [InlineData("", "a b/c attempt bytes cached db.system http.status_code list ratio service.name why zone")]
    [InlineData("?scope=none", "a b/c attempt bytes cached db.system http.status_code list ratio service.name why zone")]
    [InlineData("?scope=resource", "service.name zone")]
    [InlineData("?scope=event&limit=5", "attempt")]
    [InlineData("?scope=span&limit=2&maxStaleValues=3&start=1700000000&end=1700000100", "a b/c bytes")]
    [InlineData("?scope=instrumentation", "")]
    public async Task Version_1_lists_names(string query, string expected)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/search/tags{query}");
        JsonShape.AssertMatches("""{"tagNames":["text"],"metrics":{"inspectedBytes?":"digits","totalJobs":"int","completedJobs?":"int","totalBlocks?":"int"}}""", answer);
        Assert.Equal(expected, string.Join(' ', Texts(answer.GetProperty("tagNames"))));
    }

    [Fact]
    public async Task Version_1_lists_intrinsics_when_asked_for_them()
    {
        var answer = await TempoSample.GetJsonAsync("/api/search/tags?scope=intrinsic");
        Assert.Equal(Intrinsics.Split(' ').Order(StringComparer.Ordinal), Texts(answer.GetProperty("tagNames")));
    }

    [Theory]
    [InlineData("", $"span=a b/c,bytes,cached,db.system,http.status_code,list,ratio resource=service.name,zone event=attempt link=why intrinsic={{}}")]
    [InlineData("?scope=resource&limit=1", "resource=service.name")]
    [InlineData("?scope=link", "link=why")]
    [InlineData("?scope=trace", "")]
    [InlineData("?scope=intrinsic", "intrinsic={}")]
    [InlineData("?q={ name = \"reserve\" }", "span=db.system resource=service.name event=attempt link=why intrinsic={}")]
    [InlineData("?scope=span&q={ resource.service.name = \"shop\" %26%26 .http.status_code = 500 %26%26 }", "span=http.status_code")]
    [InlineData("?scope=span&q={ name = \"none\" }", "")]
    public async Task Version_2_lists_them_by_scope(string query, string expected)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/v2/search/tags{query}");
        JsonShape.AssertMatches("""{"scopes":[{"name":"text","tags":["text"]}],"metrics":"any"}""", answer);
        Assert.Equal(
            expected.Replace("{}", Intrinsics.Replace(' ', ','), StringComparison.Ordinal),
            string.Join(' ', answer.GetProperty("scopes").EnumerateArray().Select(scope => $"{scope.GetProperty("name").GetString()}={string.Join(',', Texts(scope.GetProperty("tags")))}")));
    }

    [Theory]
    [InlineData("/api/search/tag/service.name/values", "a/b c%|shop|stock")]
    [InlineData("/api/search/tag/http.status_code/values", "200|500")]
    [InlineData("/api/search/tag/cached/values", "true")]
    [InlineData("/api/search/tag/a%20b%2Fc/values", "x y")]
    [InlineData("/api/search/tag/a%20b/c/values", "x y")]
    [InlineData("/api/search/tag/name/values", "GET /cart|render|reserve|tick")]
    [InlineData("/api/search/tag/none/values", "")]
    [InlineData("/api/search/tag/service.name/values?start=1700000020&end=1700000030", "a/b c%")]
    public async Task Version_1_lists_values_as_texts(string path, string expected)
    {
        var answer = await TempoSample.GetJsonAsync(path);
        Assert.Equal(expected, string.Join('|', Texts(answer.GetProperty("tagValues"))));
    }

    [Theory]
    [InlineData(".service.name", "", "string a/b c%|string shop|string stock")]
    [InlineData("resource.service.name", "?limit=5000&start=1700000000&end=1700000100", "string a/b c%|string shop|string stock")]
    [InlineData("resource.service.name", "?limit=1", "string a/b c%")]
    [InlineData("resource.service.name", "?start=1700000015&end=1700000100", "string a/b c%")]
    [InlineData("span.service.name", "", "")]
    [InlineData("span.http.status_code", "", "int 200|int 500")]
    [InlineData("span.ratio", "", "float 0.5")]
    [InlineData(".cached", "", "bool true")]
    [InlineData("span.list", "", "string p|string q")]
    [InlineData("event.attempt", "", "string 2")]
    [InlineData("link.why", "", "string again")]
    [InlineData("instrumentation:name", "", "string |string web")]
    [InlineData("span.%22a b/c%22", "", "string x y")]
    [InlineData("span.%2522a%2520b%252Fc%2522", "", "string x y")]
    [InlineData("span.\"a b%252Fc\"", "", "string x y")]
    [InlineData("name", "", "string GET /cart|string render|string reserve|string tick")]
    [InlineData("span:name", "?q={ resource.zone = \"us\" }", "string GET /cart|string render")]
    [InlineData("rootServiceName", "", "string shop")]
    [InlineData("rootServiceName", "?q={ name = \"reserve\" }", "string shop")]
    [InlineData("trace:rootName", "", "string GET /cart")]
    [InlineData("statusMessage", "?q={ status = error }", "string sold out")]
    [InlineData("event:name", "", "string retry")]
    [InlineData("status", "?q={ name = \"none\" }", "keyword ok|keyword error|keyword unset")]
    [InlineData("kind", "", "keyword client|keyword server|keyword producer|keyword consumer|keyword internal|keyword unspecified")]
    [InlineData("duration", "", "")]
    [InlineData("traceDuration", "", "")]
    [InlineData("trace:id", "", "")]
    [InlineData(".http.status_code", "?q={ name = \"GET /cart\" %26%26 .http.status_code = 500 }", "int 500")]
    [InlineData("span.list", "?q={ span.list = \"q\" }", "string q")]
    [InlineData("resource.zone", "?q={ span.http.status_code = 500 %26%26 resource.zone = }", "string us")]
    [InlineData("resource.zone", "?q={ resource.a =  %26%26 span.http.status_code=200 }", "string eu")]
    [InlineData("resource.zone", "?q={ nonsense", "string eu|string us")]
    [InlineData("resource.zone", "?q=nonsense", "string eu|string us")]
    [InlineData("resource.zone", "?q={}", "string eu|string us")]
    [InlineData("resource.zone", "?q={ name = \"GET /cart\" } | rate() by (resource.", "string eu|string us")]
    public async Task Version_2_lists_values_with_their_types(string name, string query, string expected)
    {
        var answer = await TempoSample.GetJsonAsync($"/api/v2/search/tag/{name}/values{query}");
        JsonShape.AssertMatches("""{"tagValues":[{"type":"text","value":"text"}],"metrics":"any"}""", answer);
        Assert.Equal(expected, string.Join('|', answer.GetProperty("tagValues").EnumerateArray().Select(value => $"{value.GetProperty("type").GetString()} {value.GetProperty("value").GetString()}")));
    }

    [Theory]
    [InlineData("/api/search/tags?scope=x", "invalid scope: x")]
    [InlineData("/api/v2/search/tags?scope=Span", "invalid scope: Span")]
    [InlineData("/api/v2/search/tags?limit=-1", "invalid limit")]
    [InlineData("/api/v2/search/tags?start=5&end=4", "start must be before end")]
    [InlineData("/api/v2/search/tag/service.name/values", "invalid tag name 'service.name'")]
    [InlineData("/api/v2/search/tag/nothing/values", "invalid tag name")]
    [InlineData("/api/v2/search/tag/span.a=1/values", "invalid tag name")]
    [InlineData("/api/v2/search/tag/parent.a/values", "not yet supported")]
    [InlineData("/api/v2/search/tag/.a/values?limit=x", "invalid limit")]
    [InlineData("/api/search/tag/a/values?start=x", "invalid start")]
    public Task A_question_that_means_nothing_is_refused(string path, string expected) => TempoSample.AssertRefusedAsync(path, HttpStatusCode.BadRequest, expected);

    static IEnumerable<string?> Texts(JsonElement list) => list.EnumerateArray().Select(text => text.GetString());
}
