using Amazon.S3;
using Amazon.S3.Model;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>Sends a large object in parts, so that a broken connection costs a part and not the whole. The object appears with the last call, or never.</summary>
internal sealed class S3PartsUpload(Lazy<AmazonS3Client> client, S3Calls calls, string bucket, string fullKey, string name, long partBytes)
{
    /// <summary>S3 takes no more parts than this.</summary>
    const int PartsMax = 10_000;

    /// <returns>False when there is an object of that key.</returns>
    public bool TryRun(IReadableFile content, CancellationToken cancellation)
    {
        var begun = Call(0, limit => client.Value.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = fullKey }, limit), cancellation);
        try
        {
            var parts = SendParts(content, begun.UploadId, cancellation);
            var isDone = Call(0, limit => TryCompleteAsync(begun.UploadId, parts, content.LengthBytes, limit), cancellation);
            if (!isDone)
                Abort(begun.UploadId);
            return isDone;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Abort(begun.UploadId);
            throw;
        }
    }

    List<PartETag> SendParts(IReadableFile content, string uploadId, CancellationToken cancellation)
    {
        var size = Math.Max(partBytes, content.LengthBytes / PartsMax + 1);
        var parts = new List<PartETag>();
        for (var offset = 0L; offset < content.LengthBytes; offset += size)
        {
            var (start, count, number) = (offset, Math.Min(size, content.LengthBytes - offset), parts.Count + 1);
            var sent = Call(count, async limit =>
            {
                using var stream = new StorageFileStream(content, start, count);
                return await client.Value.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = bucket, Key = fullKey, UploadId = uploadId, PartNumber = number, PartSize = count, InputStream = stream, UseChunkEncoding = false,
                    },
                    limit);
            }, cancellation);
            parts.Add(new PartETag(number, sent.ETag));
        }

        return parts;
    }

    async Task<bool> TryCompleteAsync(string uploadId, List<PartETag> parts, long lengthBytes, CancellationToken limit)
    {
        try
        {
            await client.Value.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = fullKey, UploadId = uploadId, PartETags = parts, IfNoneMatch = "*" }, limit);
            return true;
        }
        catch (AmazonS3Exception failure) when (S3Failures.IsConditionFailed(failure))
        {
            return false;
        }
        catch (AmazonS3Exception failure) when (failure.ErrorCode == "NoSuchUpload")
        {
            // An earlier attempt, whose answer was lost, has completed it.
            var found = await client.Value.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = fullKey }, limit);
            return found.ContentLength == lengthBytes;
        }
    }

    // What this leaves behind, or a cancellation, is found by RemoveUnfinished at the next start.
    void Abort(string uploadId)
    {
        try
        {
            Call(
                0, limit => client.Value.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = fullKey, UploadId = uploadId }, limit),
                CancellationToken.None);
        }
        catch (BucketException)
        {
            // The reason that brought us here is the one to tell.
        }
    }

    T Call<T>(long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellation) => calls.Run(name, "written", bytes, call, cancellation);
}
