using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Clew.Storage.Buckets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Clew.Storage.Tests.Buckets;

/// <summary>As much of S3 as the store uses, in this process: objects, ranges, conditions, parts, listings in pages; and any fault that a test asks for.</summary>
/// <remarks>It refuses what is not signed with its key, and bodies that are not what their signature says.</remarks>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string Bucket = "clew-tests";

    const string Key = "AKIDFAKE", SecretKey = "not-a-secret";
    const int ListPage = 3;

    readonly Lock _lock = new();
    readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, (string Key, SortedDictionary<int, byte[]> Parts)> _uploads = new(StringComparer.Ordinal);
    readonly WebApplication _server;
    int _nextUpload;

    FakeS3(WebApplication server) => _server = server;

    /// <summary>Asked before each request, with its method and key. Hanging requests end with the client.</summary>
    public Func<string, string, S3Fault> Fault { get; set; } = (_, _) => S3Fault.None;

    /// <summary>Off: a server that creates an object although there is one, whatever the condition.</summary>
    public bool KnowsIfNoneMatch { get; set; } = true;

    /// <summary>Off: a server that replaces an object whatever its version.</summary>
    public bool KnowsIfMatch { get; set; } = true;

    /// <summary>What it says for where a listing goes on; empty for nothing.</summary>
    public Func<string, string> Marker { get; set; } = marker => marker;

    /// <summary>Requests so far, as <c>GET key</c>.</summary>
    public List<string> Requests { get; } = [];

    public IReadOnlyDictionary<string, byte[]> Objects
    {
        get
        {
            lock (_lock)
                return _objects.ToDictionary();
        }
    }

    public int UnfinishedUploads
    {
        get
        {
            lock (_lock)
                return _uploads.Count;
        }
    }

    public string Endpoint => _server.Urls.Single();

    public S3Options Options => new() { Bucket = Bucket, Endpoint = Endpoint, Prefix = "some/where", AccessKeyId = Key, SecretAccessKey = new Secret(SecretKey) };

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var server = builder.Build();
        var fake = new FakeS3(server);
        server.Run(fake.AnswerAsync);
        await server.StartAsync();
        return fake;
    }

    public void Put(string key, byte[] content)
    {
        lock (_lock)
            _objects[key] = content;
    }

    public bool Remove(string key)
    {
        lock (_lock)
            return _objects.Remove(key);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var (bucket, key) = context.Request.Path.Value!.TrimStart('/').Split('/', 2) is [var first, var rest] ? (first, rest) : (context.Request.Path.Value.Trim('/'), "");
        lock (_lock)
            Requests.Add($"{context.Request.Method} {key}");
        var fault = Fault(context.Request.Method, key);
        if (fault == S3Fault.Hang)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        if (fault == S3Fault.Reset)
        {
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var answer = fault switch
        {
            S3Fault.Error => Answer.Failure(500, "InternalError"),
            S3Fault.SlowDown => Answer.Failure(503, "SlowDown"),
            _ when bucket != Bucket => Answer.Failure(404, "NoSuchBucket"),
            _ => Refusal(context.Request, body.ToArray()) ?? Handle(context.Request, key, body.ToArray()),
        };
        if (fault == S3Fault.ResetAfterwards)
            context.Abort();
        else
            await SendAsync(context, answer, fault == S3Fault.CutBody);
    }

    static async Task SendAsync(HttpContext context, Answer answer, bool isCut)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (context.Request.Method == "HEAD" || answer.Status == 204)
        {
            if (answer.Status != 204)
                context.Response.ContentLength = answer.Body.Length;
            return;
        }

        context.Response.ContentLength = answer.Body.Length;
        if (!isCut)
        {
            await context.Response.Body.WriteAsync(answer.Body);
            return;
        }

        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, answer.Body.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    static Answer? Refusal(HttpRequest request, byte[] body)
    {
        if (!request.Headers.Authorization.ToString().Contains($"Credential={Key}/", StringComparison.Ordinal))
            return Answer.Failure(403, "InvalidAccessKeyId");
        var signed = request.Headers["x-amz-content-sha256"].ToString();
        return signed == Convert.ToHexStringLower(SHA256.HashData(body)) ? null : Answer.Failure(400, "XAmzContentSHA256Mismatch");
    }

    Answer Handle(HttpRequest request, string key, byte[] body)
    {
        lock (_lock)
        {
            var query = request.Query;
            return request.Method switch
            {
                "GET" when key.Length == 0 && query.ContainsKey("uploads") => ListUploads(query["prefix"].ToString(), query["key-marker"].ToString(), query["upload-id-marker"].ToString()),
                "GET" when key.Length == 0 => List(query["prefix"].ToString(), query["continuation-token"].ToString()),
                "GET" or "HEAD" => Get(key, request.Headers.Range.ToString()),
                "PUT" when query.ContainsKey("uploadId") => PutPart(query["uploadId"].ToString(), int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture), body),
                "PUT" => Put(request, key, body),
                "POST" when query.ContainsKey("uploads") => Begin(key),
                "POST" => Complete(request, key, query["uploadId"].ToString()),
                "DELETE" when query.ContainsKey("uploadId") => _uploads.Remove(query["uploadId"].ToString()) ? Answer.Empty(204) : Answer.Failure(404, "NoSuchUpload"),
                "DELETE" => Delete(key),
                _ => Answer.Failure(405, "MethodNotAllowed"),
            };
        }
    }

    Answer Get(string key, string range)
    {
        if (!_objects.TryGetValue(key, out var content))
            return Answer.Failure(404, "NoSuchKey");
        if (range.Length == 0)
            return new Answer(200, content, ("ETag", ETagOf(content)));
        var ends = range["bytes=".Length..].Split('-').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        if (ends[0] >= content.Length)
            return Answer.Failure(416, "InvalidRange");
        var last = Math.Min(ends[1], content.Length - 1);
        return new Answer(206, content[(int)ends[0]..(int)(last + 1)], ("ETag", ETagOf(content)), ("Content-Range", $"bytes {ends[0]}-{last}/{content.Length}"));
    }

    Answer Put(HttpRequest request, string key, byte[] body)
    {
        if (Condition(request, key) is { } failed)
            return failed;
        _objects[key] = body;
        return new Answer(200, [], ("ETag", ETagOf(body)));
    }

    Answer? Condition(HttpRequest request, string key)
    {
        var exists = _objects.TryGetValue(key, out var content);
        if (KnowsIfNoneMatch && request.Headers.IfNoneMatch.ToString() == "*" && exists)
            return Answer.Failure(412, "PreconditionFailed");
        if (KnowsIfMatch && request.Headers.IfMatch.ToString() is { Length: > 0 } version && (!exists || version != ETagOf(content!)))
            return exists ? Answer.Failure(412, "PreconditionFailed") : Answer.Failure(404, "NoSuchKey");
        return null;
    }

    Answer Begin(string key)
    {
        var id = $"upload-{++_nextUpload}";
        _uploads.Add(id, (key, []));
        return Answer.Xml($"<InitiateMultipartUploadResult><Bucket>{Bucket}</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
    }

    Answer PutPart(string id, int number, byte[] body)
    {
        if (!_uploads.TryGetValue(id, out var upload))
            return Answer.Failure(404, "NoSuchUpload");
        upload.Parts[number] = body;
        return new Answer(200, [], ("ETag", ETagOf(body)));
    }

    Answer Complete(HttpRequest request, string key, string id)
    {
        if (!_uploads.TryGetValue(id, out var upload))
            return Answer.Failure(404, "NoSuchUpload");
        if (Condition(request, key) is { } failed)
            return failed;
        _uploads.Remove(id);
        var content = upload.Parts.Values.SelectMany(part => part).ToArray();
        _objects[key] = content;
        return Answer.Xml($"<CompleteMultipartUploadResult><Bucket>{Bucket}</Bucket><Key>{key}</Key><ETag>{ETagOf(content)}</ETag></CompleteMultipartUploadResult>");
    }

    Answer List(string prefix, string after)
    {
        var keys = _objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0).Take(ListPage + 1).ToArray();
        var text = new StringBuilder("<ListBucketResult>");
        foreach (var key in keys.Take(ListPage))
            text.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key}</Key><Size>{_objects[key].Length}</Size></Contents>");
        text.Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(keys.Length > ListPage ? "true" : "false")}</IsTruncated>");
        if (keys.Length > ListPage)
            text.Append(MarkerElement("NextContinuationToken", keys[ListPage - 1]));
        return Answer.Xml(text.Append("</ListBucketResult>").ToString());
    }

    Answer ListUploads(string prefix, string afterKey, string afterId)
    {
        var uploads = _uploads.Select(upload => (upload.Value.Key, Id: upload.Key)).Where(upload => upload.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(upload => upload.Key, StringComparer.Ordinal).ThenBy(upload => upload.Id, StringComparer.Ordinal)
            .Where(upload => string.CompareOrdinal(upload.Key, afterKey) is var order && (order > 0 || (order == 0 && string.CompareOrdinal(upload.Id, afterId) > 0)))
            .Take(ListPage + 1).ToArray();
        var page = uploads.Take(ListPage).ToArray();
        return Answer.Xml(
            "<ListMultipartUploadsResult>"
            + string.Concat(page.Select(upload => $"<Upload><Key>{upload.Key}</Key><UploadId>{upload.Id}</UploadId></Upload>"))
            + (uploads.Length > page.Length ? MarkerElement("NextKeyMarker", page[^1].Key) + MarkerElement("NextUploadIdMarker", page[^1].Id) : "")
            + $"<IsTruncated>{(uploads.Length > page.Length ? "true" : "false")}</IsTruncated></ListMultipartUploadsResult>");
    }

    string MarkerElement(string name, string marker) => Marker(marker) is { Length: > 0 } said ? $"<{name}>{said}</{name}>" : "";

    Answer Delete(string key)
    {
        _objects.Remove(key);
        return Answer.Empty(204);
    }

    // The client checks that a tag of this length is the content's MD5, and nothing else about it.
    [SuppressMessage("Security", "CA5351", Justification = "It is what S3 does.")]
    static string ETagOf(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";

    sealed record Answer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
    {
        public static Answer Empty(int status) => new(status, []);

        public static Answer Xml(string text, int status = 200) => new(status, Encoding.UTF8.GetBytes(text), ("Content-Type", "application/xml"));

        public static Answer Failure(int status, string code) => Xml($"<Error><Code>{code}</Code><Message>The test wanted {code}.</Message></Error>", status);
    }
}
