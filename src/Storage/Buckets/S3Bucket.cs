using System.Globalization;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>A bucket of AWS S3, or of a server that speaks its protocol.</summary>
/// <remarks>
/// The client is made at the first call, not before: it takes 0.2 s and 50 MB, and the credentials of a machine may be slow to come. What is sent is signed with its
/// SHA-256, so the server refuses what the way there has changed.
/// </remarks>
/// <param name="setting">The key of the options, for advice: <c>storage.warm.s3</c>.</param>
internal sealed class S3Bucket(S3Options options, string setting, S3Timing timing, TimeProvider time) : IBucket
{
    readonly S3Calls _calls = new(options, setting, timing, time);
    readonly Lazy<AmazonS3Client> _client = new(() => NewClient(options));
    readonly string _prefix = options.Prefix.Length == 0 ? "" : options.Prefix + "/";

    public string Location { get; } = $"s3://{options.Bucket}/{options.Prefix}" + (options.Endpoint.Length == 0 ? "" : $" at {options.Endpoint}");

    public string NameOf(string key) => $"s3://{options.Bucket}/{_prefix}{key}";

    public bool TryCreate(string key, IReadableFile content, CancellationToken cancellation)
    {
        if (content.LengthBytes > timing.PartBytes)
            return new S3PartsUpload(_client, _calls, options.Bucket, _prefix + key, NameOf(key), timing.PartBytes).TryRun(content, cancellation);
        return Call(key, "written", content.LengthBytes, async limit =>
        {
            using var stream = new StorageFileStream(content, 0, content.LengthBytes);
            return await TryPutAsync(NewPut(key, stream), limit) is not null;
        }, cancellation);
    }

    public long? FindLength(string key, CancellationToken cancellation) => Call(key, "found", 0, async limit =>
    {
        try
        {
            return (await _client.Value.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = _prefix + key }, limit)).ContentLength;
        }
        catch (AmazonS3Exception missing) when (S3Failures.IsMissing(missing))
        {
            return (long?)null;
        }
    }, cancellation);

    public int Read(string key, long offset, Memory<byte> target, CancellationToken cancellation) => target.Length == 0 ? 0 : Call(key, "read", target.Length, async limit =>
    {
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = _prefix + key, ByteRange = new ByteRange(offset, offset + target.Length - 1) };
        try
        {
            using var response = await _client.Value.GetObjectAsync(request, limit);
            return await TakeBodyAsync(response, offset, target, limit);
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == System.Net.HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return 0;
        }
    }, cancellation);

    public void Delete(string key, CancellationToken cancellation) => Call(key, "deleted", 0, async limit =>
    {
        try
        {
            return await _client.Value.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = _prefix + key }, limit);
        }
        catch (AmazonS3Exception missing) when (S3Failures.IsMissing(missing))
        {
            return null;
        }
    }, cancellation);

    public IReadOnlyList<BucketObject> List(string prefix, CancellationToken cancellation)
    {
        var found = new List<BucketObject>();
        string? next = null;
        while (true)
        {
            var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = _prefix + prefix, ContinuationToken = next };
            var page = Call(prefix, "listed", 0, limit => _client.Value.ListObjectsV2Async(request, limit), cancellation);
            foreach (var item in page.S3Objects ?? [])
                found.Add(new BucketObject(item.Key[_prefix.Length..], item.Size ?? 0));
            if (page.IsTruncated != true)
                return found;
            CheckGoesOn(prefix, next, page.NextContinuationToken);
            next = page.NextContinuationToken;
        }
    }

    public void RemoveUnfinished(string prefix, CancellationToken cancellation)
    {
        var request = new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = _prefix + prefix };
        while (true)
        {
            var page = Call(prefix, "tidied", 0, limit => _client.Value.ListMultipartUploadsAsync(request, limit), cancellation);
            foreach (var upload in page.MultipartUploads ?? [])
                Abort(upload, prefix, cancellation);
            if (page.IsTruncated != true)
                return;
            CheckGoesOn(prefix, request.KeyMarker + " " + request.UploadIdMarker, page.NextKeyMarker + " " + page.NextUploadIdMarker);
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    public SmallObject? FindSmall(string key, CancellationToken cancellation) => Call(key, "read", 0, async limit =>
    {
        try
        {
            using var response = await _client.Value.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = _prefix + key }, limit);
            var content = new byte[checked((int)response.ContentLength)];
            await response.ResponseStream.ReadExactlyAsync(content, limit);
            return new SmallObject(content, response.ETag);
        }
        catch (AmazonS3Exception missing) when (S3Failures.IsMissing(missing))
        {
            return null;
        }
    }, cancellation);

    public string? TrySwap(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellation)
    {
        var swapped = Call(key, "written", content.Length, async limit =>
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            return await TryPutAsync(NewPut(key, stream, version), limit);
        }, cancellation);
        // An attempt whose answer was lost may have done it, and then it is what a later one met.
        return swapped ?? (FindSmall(key, cancellation) is { } now && now.Content.Span.SequenceEqual(content.Span) ? now.Version : null);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    static AmazonS3Client NewClient(S3Options options)
    {
        var isPath = options.Addressing == S3Addressing.Path || (options.Addressing == S3Addressing.Auto && options.Endpoint.Length > 0);
        var config = new AmazonS3Config
        {
            ForcePathStyle = isPath,
            MaxErrorRetry = 0,
            // Checksums that travel behind the body need an encoding that many servers lack; the signature covers the body already.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
        }
        else if (options.Region.Length > 0)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKeyId.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey.Value), config)
            : new AmazonS3Client(config);
    }

    static async Task<int> TakeBodyAsync(GetObjectResponse response, long offset, Memory<byte> target, CancellationToken limit)
    {
        // "bytes 0-9/100": what is there of the range. A server that knows no ranges sends everything.
        if (response.ContentRange is null && offset > 0)
            await SkipAsync(response.ResponseStream, offset, limit);
        var there = response.ContentRange is { } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var total)
            ? total
            : response.ContentLength;
        var count = (int)Math.Clamp(there - offset, 0, target.Length);
        await response.ResponseStream.ReadExactlyAsync(target[..count], limit);
        return count;
    }

    static async Task SkipAsync(Stream stream, long bytes, CancellationToken limit)
    {
        var waste = new byte[64 << 10];
        for (var left = bytes; left > 0;)
        {
            var read = await stream.ReadAsync(waste.AsMemory(0, (int)Math.Min(left, waste.Length)), limit);
            if (read == 0)
                throw new EndOfStreamException("the answer ended too early");
            left -= read;
        }
    }

    // A list that ends too early would be taken for all there is, and one that does not move on has no end.
    void CheckGoesOn(string prefix, string? marker, string? next)
    {
        if (!string.IsNullOrWhiteSpace(next) && next != marker)
            return;
        throw new BucketException(
            NameOf(prefix), "listed", BucketFailure.Refused, "the server says that there is more, and not where to go on",
            $"That is a fault of the server at {setting}.endpoint: use a newer version of it, or another.");
    }

    void Abort(MultipartUpload upload, string prefix, CancellationToken cancellation) => Call(
        prefix, "tidied", 0,
        limit => _client.Value.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = upload.Key, UploadId = upload.UploadId }, limit), cancellation);

    PutObjectRequest NewPut(string key, Stream content, string? version = null) => new()
    {
        BucketName = options.Bucket,
        Key = _prefix + key,
        InputStream = content,
        AutoCloseStream = false,
        UseChunkEncoding = false,
        IfNoneMatch = version is null ? "*" : null,
        IfMatch = version,
    };

    async Task<string?> TryPutAsync(PutObjectRequest request, CancellationToken limit)
    {
        try
        {
            return (await _client.Value.PutObjectAsync(request, limit)).ETag;
        }
        catch (AmazonS3Exception failure) when (S3Failures.IsConditionFailed(failure) || (request.IfMatch is not null && S3Failures.IsMissing(failure)))
        {
            return null;
        }
    }

    T Call<T>(string key, string verb, long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) =>
        _calls.Run(NameOf(key), verb, bytes, call, cancellation);
}
