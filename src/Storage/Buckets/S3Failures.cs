using System.Net;
using Amazon.Runtime;

namespace Clew.Storage.Buckets;

/// <summary>What the failures of S3 and of the way there mean, and what to do about them.</summary>
internal static class S3Failures
{
    /// <summary>Codes that pass although their status does not say so.</summary>
    static readonly string[] PassingCodes =
        ["RequestTimeout", "RequestTimeTooSkewed", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "ConditionalRequestConflict", "OperationAborted"];

    static readonly string[] CredentialCodes = ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "AuthorizationHeaderMalformed"];

    /// <summary>Whether a failure is one of S3's, or of the way there; everything else is a bug.</summary>
    public static bool Includes(Exception failure) =>
        failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or OperationCanceledException or WebException;

    public static bool IsMissing(Exception failure) => failure is AmazonServiceException { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };

    public static bool IsConditionFailed(Exception failure) => failure is AmazonServiceException { StatusCode: HttpStatusCode.PreconditionFailed };

    /// <param name="setting">The key of the bucket's options: <c>storage.warm.s3</c>.</param>
    public static (BucketFailure Failure, string Reason, string Advice) Explain(Exception failure, S3Options options, string setting) => failure switch
    {
        AmazonServiceException { ErrorCode: "NoSuchBucket" } =>
            (BucketFailure.Refused, $"there is no bucket {options.Bucket}", $"Create it, or correct {setting}.bucket, .endpoint or .region."),
        AmazonServiceException service when IsMissing(service) =>
            (BucketFailure.Missing, "there is no such object", "Somebody else has deleted it, or a rule of the bucket has; blocks must be deleted by this program alone."),
        AmazonServiceException service when CredentialCodes.Contains(service.ErrorCode) =>
            (BucketFailure.Refused, Text(service), $"Check {setting}.access_key_id, .secret_access_key and .region, or what AWS's own chain finds."),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } service =>
            (BucketFailure.Refused, Text(service), "The key needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket and s3:AbortMultipartUpload there."),
        AmazonServiceException { StatusCode: HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect } service =>
            (BucketFailure.Refused, Text(service), $"The bucket is in another region: correct {setting}.region or .endpoint."),
        AmazonServiceException { StatusCode: HttpStatusCode.NotImplemented } service =>
            (BucketFailure.Refused, Text(service), "The server lacks what is needed here: conditional writes and multipart uploads. Use a newer version of it, or another."),
        AmazonServiceException { StatusCode: < HttpStatusCode.Continue } service => (BucketFailure.Unavailable, Text(service), $"Check {setting}.endpoint and the network."),
        AmazonServiceException service when (int)service.StatusCode >= 500 || service.StatusCode == HttpStatusCode.TooManyRequests || PassingCodes.Contains(service.ErrorCode) =>
            (BucketFailure.Unavailable, Text(service), "It is tried again by itself."),
        AmazonServiceException service => (BucketFailure.Refused, Text(service), $"Check the settings under {setting}."),
        // What the client throws when a body is not what its tag says.
        AmazonClientException client when client.Message.Contains("hash", StringComparison.OrdinalIgnoreCase) =>
            (BucketFailure.Unavailable, client.Message, "The way there changes what it carries: check the network, or use https."),
        AmazonClientException client => (BucketFailure.Refused, client.Message, $"Give {setting}.access_key_id and .secret_access_key, or what AWS's own chain looks for."),
        OperationCanceledException => (BucketFailure.Unavailable, "no answer in time", $"Check {setting}.endpoint and the network."),
        _ => (BucketFailure.Unavailable, Innermost(failure).Message, $"Check {setting}.endpoint and the network."),
    };

    static string Text(AmazonServiceException failure)
    {
        var code = string.IsNullOrEmpty(failure.ErrorCode) ? $"{(int)failure.StatusCode}" : failure.ErrorCode;
        return string.IsNullOrEmpty(failure.Message) || failure.Message == code ? code : $"{code}, {failure.Message}";
    }

    static Exception Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure;
}
