using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Simple;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;
using Microsoft.AspNetCore.Http;
using ValueType = Clew.TraceQL.ValueType;

namespace Clew.Server.Api;

/// <summary>The attributes that spans have, and their values: what is offered while a query is typed.</summary>
internal sealed class AttributeEndpoints(ITraceStore store, TagSearch tags, QueryOptions options)
{
    const int LimitDefault = 100, LimitMax = 1_000;

    /// <summary>Values that are looked at before those that begin as asked are picked.</summary>
    const int ValuesMax = 10_000;

    // Whoever types does not wait any longer; what is found by then is offered.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public ApiEndpoint[] All =>
    [
        new("attributes", "attributes", ["start", "end"], NamesAsync),
        new("attribute_values", "attributes/values", ["name", "prefix", "start", "end", "limit"], ValuesAsync),
    ];

    async Task NamesAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var range = parameters.ReadTimes();
        if (parameters.Error is { } problem)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        using var found = await tags.FindNamesAsync(range, filter: null, Budget, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteStartArray("attributes");
        foreach (var (owner, key) in found.Names)
        {
            var attribute = new FieldExpression.Attribute(ScopeOf(owner), key);
            answer.Writer.WriteStartObject();
            answer.Writer.WriteString("owner", NameOf(owner));
            answer.Writer.WriteString("key", key);
            answer.Writer.WriteString("name", attribute.ToString());
            answer.Writer.WriteEndObject();
        }

        answer.Writer.WriteEndArray();
        ReportJson.WritePartial(answer.Writer, found.Reads.CutBy, options);
        answer.Writer.WriteEndObject();
    }

    async Task ValuesAsync(HttpContext context)
    {
        var parameters = new QueryParameters(context.Request.Query);
        var range = parameters.ReadTimes();
        var limit = parameters.ReadCount("limit", LimitDefault, 1, LimitMax);
        var (name, prefix) = (parameters.Text("name"), parameters.Text("prefix"));
        if (!SimpleQuery.TryFindField(name, out var field, out var error))
            parameters.Fail($"name is '{name}'; expected an attribute or a field such as service, name, span.tier: {error.Message}.", "name");
        if (parameters.Error is { } problem || field is null)
        {
            await ApiError.WriteAsync(context, StatusCodes.Status400BadRequest, parameters.Error!);
            return;
        }

        using var found = await FindAsync(field, range, context.RequestAborted);
        var meant = found.Values.Where(value => TextOf(value).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Take(limit + 1).ToArray();
        await using var answer = new JsonAnswer(context);
        answer.Writer.WriteStartObject();
        answer.Writer.WriteString("name", field.ToString());
        answer.Writer.WriteStartArray("values");
        foreach (var value in meant.Take(limit))
        {
            answer.Writer.WriteStartObject();
            ValueJson.WriteTyped(answer.Writer, value);
            answer.Writer.WriteEndObject();
            await answer.SendIfMuchAsync();
        }

        answer.Writer.WriteEndArray();
        answer.Writer.WriteBoolean("more", found.IsCut || found.Reads.CutBy is not null || meant.Length > limit);
        answer.Writer.WriteEndObject();
    }

    async Task<TagValuesResult> FindAsync(FieldExpression field, TimeRange range, CancellationToken cancellation)
    {
        // The store has a list of these.
        if (field is FieldExpression.Attribute { Scope: AttributeScope.Resource, Name: "service.name" })
            return new TagValuesResult([.. (await store.FindServicesAsync(cancellation)).Select(Value.OfText)], IsCut: false, ReadMeter.Unlimited());
        return await tags.FindValuesAsync(field, range, filter: null, ValuesMax, Budget, cancellation);
    }

    QueryBudget Budget => options.Budget with { Within = options.Budget.Within < Patience ? options.Budget.Within : Patience };

    static string TextOf(Value value) => value.Type == ValueType.Text ? value.Text : value.ToString();

    static AttributeScope ScopeOf(AttributeOwners owner) => owner switch
    {
        AttributeOwners.Resource => AttributeScope.Resource,
        AttributeOwners.Scope => AttributeScope.Instrumentation,
        AttributeOwners.Event => AttributeScope.Event,
        AttributeOwners.Link => AttributeScope.Link,
        _ => AttributeScope.Span,
    };

    static string NameOf(AttributeOwners owner) => owner switch
    {
        AttributeOwners.Resource => "resource",
        AttributeOwners.Scope => "instrumentation",
        AttributeOwners.Event => "event",
        AttributeOwners.Link => "link",
        _ => "span",
    };
}
