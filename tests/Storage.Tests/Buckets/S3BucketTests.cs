using Clew.Storage.Buckets;

namespace Clew.Storage.Tests.Buckets;

public sealed class S3BucketTests : BucketContract, IAsyncLifetime
{
    static readonly S3Timing Quick = new() { FirstWait = TimeSpan.FromMilliseconds(1), AttemptMax = TimeSpan.FromMinutes(1), PartBytes = 64 << 10 };

    FakeS3 _fake = null!;
    S3Bucket _bucket = null!;

    private protected override IBucket Bucket => _bucket;

    public async Task InitializeAsync()
    {
        _fake = await FakeS3.StartAsync();
        _bucket = NewBucket(_fake.Options);
    }

    public async Task DisposeAsync()
    {
        _bucket.Dispose();
        await _fake.DisposeAsync();
    }

    [Theory]
    [InlineData((int)S3Fault.Error)]
    [InlineData((int)S3Fault.SlowDown)]
    [InlineData((int)S3Fault.Reset)]
    [InlineData((int)S3Fault.ResetAfterwards)]
    [InlineData((int)S3Fault.CutBody)]
    public void What_passes_is_tried_again_and_no_write_happens_twice(int fault)
    {
        // Every request fails twice, and its third attempt succeeds.
        var (content, requests) = (Bytes(1, 300_000), new Dictionary<string, int>());
        _fake.Fault = (method, key) =>
        {
            lock (requests)
            {
                requests[$"{method} {key}"] = requests.GetValueOrDefault($"{method} {key}") + 1;
                return requests[$"{method} {key}"] % 3 == 0 ? S3Fault.None : (S3Fault)fault;
            }
        };
        // Of a write that is done while its answer is lost, the next attempt finds the result.
        var isDoneUnseen = fault is (int)S3Fault.ResetAfterwards or (int)S3Fault.CutBody;
        var version = _bucket.TrySwap("claim", "mine"u8.ToArray(), null, default);
        Assert.NotNull(version);
        Assert.NotNull(_bucket.TrySwap("claim", "mine too"u8.ToArray(), version, default));
        Assert.True(Create("small", [1, 2, 3]) || isDoneUnseen);
        Assert.True(Create("large", content) || isDoneUnseen);
        var read = new byte[content.Length];
        Assert.Equal(read.Length, _bucket.Read("large", 0, read, default));
        Assert.Equal(content, read);
        Assert.Equal(3, _bucket.FindLength("small", default));
        Assert.Equal(3, _bucket.List("", default).Count);
        _bucket.Delete("small", default);
        Assert.Null(_bucket.FindLength("small", default));
    }

    [Fact]
    public void A_server_that_is_not_there_is_unavailable_after_a_few_attempts_and_named()
    {
        using var bucket = NewBucket(_fake.Options with { Endpoint = "http://127.0.0.1:1" });
        var failure = Assert.Throws<BucketException>(() => bucket.FindLength("a/key", default));
        Assert.Equal(BucketFailure.Unavailable, failure.Failure);
        Assert.Contains("s3://clew-tests/some/where/a/key", failure.Message, StringComparison.Ordinal);
        Assert.Contains("storage.warm.s3.endpoint", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_given_up()
    {
        _fake.Fault = (_, _) => S3Fault.Hang;
        using var bucket = NewBucket(_fake.Options, Quick with { AttemptMax = TimeSpan.FromMilliseconds(50), AttemptsMax = 2 });
        var failure = Assert.Throws<BucketException>(() => bucket.Read("key", 0, new byte[1], default));
        Assert.Equal(BucketFailure.Unavailable, failure.Failure);
        Assert.Contains("no answer in time", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_hangs_ends_at_once_when_it_is_cancelled()
    {
        _fake.Fault = (_, _) => S3Fault.Hang;
        using var cancel = new CancellationTokenSource();
        var call = Task.Run(() => _bucket.TryCreate("key", new MemoryFile(Bytes(1, 200_000)), cancel.Token));
        await Deadline.UntilAsync(() => _fake.Requests.Count > 0, "the request");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void A_wrong_key_or_bucket_is_told_at_once_with_the_setting_to_correct_and_never_the_secret()
    {
        using var stranger = NewBucket(_fake.Options with { AccessKeyId = "AKIDOTHER" });
        var failure = Assert.Throws<BucketException>(() => stranger.Read("key", 0, new byte[1], default));
        Assert.Equal(BucketFailure.Refused, failure.Failure);
        Assert.Contains("storage.warm.s3.access_key_id", failure.Message, StringComparison.Ordinal);
        using var lost = NewBucket(_fake.Options with { Bucket = "elsewhere" });
        failure = Assert.Throws<BucketException>(() => lost.Read("key", 0, new byte[1], default));
        Assert.Equal(BucketFailure.Refused, failure.Failure);
        Assert.Contains("storage.warm.s3.bucket", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _fake.Requests.Count);
        Assert.DoesNotContain("not-a-secret", failure + _fake.Options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_upload_in_parts_that_fails_leaves_no_parts_behind()
    {
        _fake.Fault = (method, _) => method == "POST" && _fake.UnfinishedUploads > 0 ? S3Fault.Error : S3Fault.None;
        Assert.Throws<BucketException>(() => Create("large", Bytes(1, 300_000)));
        Assert.Equal(0, _fake.UnfinishedUploads);
        _fake.Fault = (_, _) => S3Fault.None;
        Assert.True(Create("large", Bytes(1, 300_000)));
    }

    [Fact]
    public void Parts_that_a_crash_left_behind_are_removed_under_the_prefix_that_was_asked_for()
    {
        // Neither the upload nor its end get through.
        _fake.Fault = (method, _) => method is "PUT" or "DELETE" ? S3Fault.Error : S3Fault.None;
        for (var number = 0; number < 8; number++)
            Assert.Throws<BucketException>(() => Create($"mine/large {number / 2}", Bytes(1, 300_000)));
        Assert.Throws<BucketException>(() => Create("theirs/large", Bytes(1, 300_000)));
        _fake.Fault = (_, _) => S3Fault.None;
        Assert.Equal(9, _fake.UnfinishedUploads);
        _bucket.RemoveUnfinished("mine/", default);
        Assert.Equal(1, _fake.UnfinishedUploads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    public void A_list_that_goes_on_and_does_not_say_where_or_does_not_move_is_a_fault_of_the_server(string marker)
    {
        _fake.Fault = (method, _) => method is "PUT" or "DELETE" ? S3Fault.Error : S3Fault.None;
        // Those of the first page are removed before the second shows that it does not move.
        for (var number = 0; number < 8; number++)
            Assert.Throws<BucketException>(() => Create($"large {number}", Bytes(1, 300_000)));
        _fake.Fault = (_, _) => S3Fault.None;
        for (var number = 0; number < 5; number++)
            Create($"small {number}", [1]);
        _fake.Marker = _ => marker;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        foreach (var list in (Action[])[() => _bucket.List("", limit.Token), () => _bucket.RemoveUnfinished("", limit.Token)])
        {
            var failure = Assert.Throws<BucketException>(list);
            Assert.Equal(BucketFailure.Refused, failure.Failure);
            Assert.Contains("storage.warm.s3.endpoint", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("https://user:hush@minio.example:9000")]
    [InlineData("user:hush@minio.example")]
    public void A_password_in_the_endpoint_is_refused_and_not_shown(string endpoint)
    {
        var problem = Assert.Single(new S3Options { Bucket = "traces", Endpoint = endpoint }.Problems("storage.warm.s3"));
        Assert.StartsWith("storage.warm.s3.endpoint ", problem, StringComparison.Ordinal);
        Assert.Contains("storage.warm.s3.secret_access_key", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_keys_begin_with_the_prefix()
    {
        Create("a", [1]);
        Create("b", Bytes(1, 300_000));
        Assert.Equal(["some/where/a", "some/where/b"], _fake.Objects.Keys.Order(StringComparer.Ordinal));
    }

    static S3Bucket NewBucket(S3Options options, S3Timing? timing = null) => new(options, "storage.warm.s3", timing ?? Quick, TimeProvider.System);
}
