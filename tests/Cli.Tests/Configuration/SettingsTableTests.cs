using System.Reflection;
using System.Text.RegularExpressions;
using Clew.Server;
using Clew.Server.Configuration;

namespace Clew.Cli.Tests.Configuration;

/// <summary>The table of keys and the options records tell the same story.</summary>
public sealed partial class SettingsTableTests
{
    public static TheoryData<string> Keys => [.. Settings.All.Select(setting => setting.Key)];

    [Fact]
    public void Every_value_of_the_options_has_exactly_one_key() =>
        Assert.Equal(Paths(typeof(ClewOptions), "").Order(StringComparer.Ordinal), Settings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_default_reads_back_as_itself(string key)
    {
        var configuration = Assigned($"{key}={Settings.Find(key)!.Default}");
        Assert.Empty(configuration.Problems);
        Assert.Equal(Settings.Find(key)!.Default, Settings.Find(key)!.Show(configuration.Options));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_value_lands_where_the_same_key_shows_it_and_nowhere_else(string key)
    {
        var setting = Settings.Find(key)!;
        var other = setting.Form switch
        {
            "address" => "127.0.0.1:1",
            "folder" => "/elsewhere",
            "list" => "http://one.example,http://two.example",
            "choice" => setting.Expected["one of ".Length..].Split(", ").Last(name => name != setting.Default),
            "duration" when setting.Min.Length == 0 => "7s",
            "text" => "some-text",
            "secret" => Storage.Buckets.Secret.Mask,
            "size" when setting.Min.Length == 0 => "4321MiB",
            _ when setting.Max.Length > 0 => setting.Max,
            _ when setting.Default == setting.Min => setting.Form == "duration" ? "7s" : "7",
            _ => setting.Min,
        };
        var options = Assigned($"{key}={other}").Options;
        foreach (var each in Settings.All)
            Assert.Equal(each.Key == key ? other : each.Default, each.Show(options));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_bounds_of_the_table_are_those_of_the_options(string key)
    {
        var setting = Settings.Find(key)!;
        foreach (var (bound, step) in new[] { (setting.Min, -1), (setting.Max, 1) }.Where(bound => bound.Item1.Length > 0))
        {
            var options = Assigned($"{key}={bound}").Options;
            Assert.DoesNotContain(options.Problems(), problem => problem.StartsWith(key + " ", StringComparison.Ordinal));
            MoveValue(options, key, step);
            Assert.Single(options.Problems(), problem => problem.StartsWith(key + " is ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_value_out_of_bounds_is_answered_in_the_form_it_is_written_in() => Assert.Equal(
        "--set limits.retry_after=1h: limits.retry_after is 1h; expected 100ms to 10m.", Assert.Single(Assigned("limits.retry_after=1h").Problems));

    [Fact]
    public void A_secret_is_shown_nowhere()
    {
        var configuration = Assigned("storage.warm.s3.secret_access_key=xyzzy");
        Assert.Equal("xyzzy", configuration.Options.Storage.Warm.S3.SecretAccessKey.Value);
        var shown = string.Join('\n', configuration.Problems.Concat(configuration.Origins.Values).Concat(Settings.All.Select(setting => setting.Show(configuration.Options))));
        Assert.DoesNotContain("xyzzy", shown + configuration.Options, StringComparison.Ordinal);
        Assert.Contains("storage.warm.s3.secret_access_key=***", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_a_url_is_refused_and_shown_nowhere()
    {
        var configuration = EffectiveConfiguration.Read(new ConfigurationSources
        {
            Assignments = [("storage.warm.s3.bucket=traces", "--set storage.warm.s3.bucket=traces"), ("storage.warm.s3.endpoint=https://me:xyzzy@minio", "--set storage.warm.s3.endpoint=https://me:xyzzy@minio")],
        });
        Assert.StartsWith("--set storage.warm.s3.endpoint=***: storage.warm.s3.endpoint has a user or a password", Assert.Single(configuration.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("xyzzy", string.Join('\n', configuration.Problems.Concat(configuration.Origins.Values)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("storage.warm.directory=/mnt/a", "storage.warm.s3.bucket=traces", "leave one of them out")]
    [InlineData("storage.cold.s3.endpoint=https://minio.example:9000", "", "storage.cold.s3.bucket is empty")]
    [InlineData("storage.cold.s3.bucket=traces", "storage.cold.s3.endpoint=minio:9000", "storage.cold.s3.endpoint is 'minio:9000'; expected a URL")]
    [InlineData("storage.cold.s3.bucket=traces", "storage.cold.s3.access_key_id=A", "storage.cold.s3.secret_access_key is empty")]
    [InlineData("storage.cold.s3.bucket=traces", "storage.cold.s3.prefix=/a/", "storage.cold.s3.prefix is '/a/'")]
    [InlineData("storage.cold.s3.bucket=Traces!", "", "storage.cold.s3.bucket is 'Traces!'")]
    public void A_tier_that_contradicts_itself_is_named_with_what_to_do(string first, string second, string expected)
    {
        var assignments = new[] { first, second }.Where(assignment => assignment.Length > 0).Select(assignment => (assignment, "--set " + assignment));
        var problems = EffectiveConfiguration.Read(new ConfigurationSources { Assignments = [.. assignments] }).Problems;
        Assert.Contains(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_described_in_a_sentence(string key)
    {
        Assert.EndsWith(".", Settings.Find(key)!.Description, StringComparison.Ordinal);
        Assert.Equal("CLEW_" + key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal), Settings.Find(key)!.EnvironmentVariable);
    }

    static EffectiveConfiguration Assigned(string assignment) =>
        EffectiveConfiguration.Read(new ConfigurationSources { Assignments = [(assignment, "--set " + assignment)] });

    // By the smallest step of its type, behind the back of the table.
    static void MoveValue(ClewOptions options, string key, int step)
    {
        var names = key.Split('.').Select(name => name.Replace("_", "", StringComparison.Ordinal)).ToArray();
        object owner = options;
        foreach (var name in names[..^1])
            owner = Property(owner, name).GetValue(owner)!;
        var value = Property(owner, names[^1]);
        value.SetValue(owner, value.GetValue(owner) switch
        {
            int number => number + step,
            long number => number + step,
            TimeSpan duration => duration + TimeSpan.FromTicks(step),
            _ => throw new InvalidOperationException($"{key} has bounds, but its type has no smallest step."),
        });
    }

    static PropertyInfo Property(object owner, string name) =>
        owner.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)!;

    // ClewOptions.Listen.OtlpGrpc is listen.otlp_grpc.
    static IEnumerable<string> Paths(Type options, string prefix)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var name = prefix + WordStart().Replace(property.Name, "_").ToLowerInvariant();
            if (property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal))
            {
                foreach (var path in Paths(property.PropertyType, name + "."))
                    yield return path;
            }
            else
            {
                yield return name;
            }
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])", RegexOptions.None, 1_000)]
    private static partial Regex WordStart();
}
