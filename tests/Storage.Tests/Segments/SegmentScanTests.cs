using Clew.Storage.Columns;
using Clew.Storage.Segments;
using Clew.Model;

namespace Clew.Storage.Tests.Segments;

public sealed class SegmentScanTests
{
    const ulong Segment = 7;

    [Fact]
    public void A_segment_cut_anywhere_recovers_exactly_the_records_before_the_cut()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (bytes, ends) = Write(random, groups: 5);
            var cut = random.Next(SegmentHeader.Bytes, bytes.Length + 1);
            var torn = bytes[..cut];
            if (random.Next(2) == 0)
                Array.Resize(ref torn, bytes.Length + 512);
            var scan = SegmentScan.Of(torn, Segment);
            Assert.True(scan.Damage.Count == 0, $"seed {seed}");
            Assert.True(scan.Records.Count == ends.Count(end => end <= cut), $"seed {seed}: {scan.Records.Count} records");
        }
    }

    [Fact]
    public void A_flipped_bit_below_what_was_flushed_is_damage_and_costs_one_record()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var (bytes, ends) = Write(random, groups: 6);
            var at = random.Next(SegmentHeader.Bytes, (int)ends[^2]);
            // Padding is not covered by anything, and carries nothing.
            var before = SegmentScan.Of(bytes, Segment);
            bytes[at] ^= (byte)(1 << random.Next(8));
            var scan = SegmentScan.Of(bytes, Segment);
            if (IsPadding(before, at))
                continue;
            Assert.True(scan.Damage.Count == 1 && scan.Records.Count == ends.Count - 1, $"seed {seed}: {scan.Damage.Count} bad, {scan.Records.Count} good");
            Assert.InRange(at, scan.Damage[0].Offset, scan.Damage[0].Offset + scan.Damage[0].Bytes - 1);
        }
    }

    [Fact]
    public void A_bad_record_of_the_last_write_is_a_torn_tail_with_all_that_follows_it()
    {
        // One flush after three records: the write that brought them may have reached the disk in any order.
        var records = Enumerable.Range(0, 3).Select(_ => new byte[100]).ToArray();
        var bytes = new List<byte>(new byte[SegmentHeader.Bytes]);
        foreach (var record in records)
            Append(bytes, record, SegmentHeader.Bytes);
        var content = bytes.ToArray();
        content[SegmentHeader.Bytes + RecordHeader.Bytes + 3] ^= 1;
        var scan = SegmentScan.Of(content, Segment);
        Assert.Empty(scan.Records);
        Assert.Empty(scan.Damage);
        Assert.Equal(SegmentHeader.Bytes, scan.End);
    }

    [Fact]
    public void An_end_mark_makes_damage_to_the_last_record_visible()
    {
        var bytes = new List<byte>(new byte[SegmentHeader.Bytes]);
        Append(bytes, [1, 2, 3], SegmentHeader.Bytes);
        Append(bytes, [], bytes.Count);
        var content = bytes.ToArray();
        content[SegmentHeader.Bytes + RecordHeader.Bytes] ^= 1;
        Assert.Single(SegmentScan.Of(content, Segment).Damage);
    }

    [Fact]
    public void Records_of_another_segment_are_not_taken_for_this_ones()
    {
        var (bytes, _) = Write(new Random(1), groups: 3);
        Assert.Empty(SegmentScan.Of(bytes, Segment + 1).Records);
    }

    static (byte[] Bytes, List<long> Ends) Write(Random random, int groups)
    {
        var bytes = new List<byte>(new SegmentHeader(Segment, new UnixNanos(1)).ToBytes());
        var ends = new List<long>();
        for (var group = 0; group < groups; group++)
        {
            var payload = new byte[random.Next(1, 200)];
            random.NextBytes(payload);
            Append(bytes, payload, bytes.Count);
            ends.Add(bytes.Count - (RecordHeader.Padded(payload.Length) - payload.Length));
        }

        return (bytes.ToArray(), ends);
    }

    static void Append(List<byte> bytes, byte[] payload, int flushed)
    {
        var header = new byte[RecordHeader.Bytes];
        new RecordHeader(payload.Length, flushed, Crc.Of(payload)).Write(header, Segment);
        bytes.AddRange(header);
        bytes.AddRange(payload);
        bytes.AddRange(new byte[RecordHeader.Padded(payload.Length) - payload.Length]);
    }

    static bool IsPadding(SegmentScan scan, long at) =>
        !scan.Records.Any(record => at >= record.Offset - RecordHeader.Bytes && at < record.Offset + record.Payload.Length);
}
