namespace Clew.Model.Tests;

public sealed class ColumnTests
{
    [Fact]
    public void A_column_holds_what_a_list_would_however_it_was_filled_and_wherever_its_memory_came_from()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var column = new Column<int>(isPooled: seed % 2 == 0);
            var list = new List<int>();
            for (var turn = 0; turn < 60; turn++)
            {
                Change(column, list, random);
                Assert.True(list.SequenceEqual(column.Values.ToArray()), $"seed {seed}, turn {turn}");
            }
        }
    }

    [Fact]
    public void Rows_with_the_default_value_take_no_memory_until_one_is_different()
    {
        var column = new Column<uint>();
        for (var row = 0; row < 1_000; row++)
            column.Add(0);
        column.AddRange(new uint[500]);
        column.AddDefaults(500);
        Assert.Equal((2_000, 0), (column.Count, column.CapacityBytes));
        Assert.True(column.IsAllDefault);
        Assert.DoesNotContain(column.Values.ToArray(), value => value != 0);

        column.Add(7);
        Assert.InRange(column.CapacityBytes, 2_001 * sizeof(uint), long.MaxValue);
        Assert.Equal((0U, 0U, 7U), (column[0], column[1_999], column[2_000]));
    }

    [Fact]
    public void What_is_written_in_place_does_not_show_in_another_column()
    {
        var (first, second) = (new Column<int>(), new Column<int>());
        first.AddDefaults(100);
        second.AddDefaults(100);
        first.Writable.Fill(5);
        Assert.DoesNotContain(second.Values.ToArray(), value => value != 0);
        Assert.All(first.Values.ToArray(), value => Assert.Equal(5, value));
    }

    [Fact]
    public void A_trimmed_column_wastes_at_most_a_quarter_and_keeps_its_rows()
    {
        for (var count = 16; count < 5_000; count = count * 9 / 8 + 1)
        {
            var column = new Column<long>(isPooled: true);
            for (var row = 0; row < count; row++)
                column.Add(row + 1);
            column.Trim();
            Assert.InRange(column.CapacityBytes, count * sizeof(long), count * sizeof(long) * 5 / 4);
            Assert.Equal(Enumerable.Range(1, count).Select(value => (long)value), column.Values.ToArray());
        }
    }

    static void Change(Column<int> column, List<int> list, Random random)
    {
        // Zeros are most of what columns hold.
        int Value() => random.Next(3) == 0 ? random.Next(1_000) : 0;
        switch (random.Next(10))
        {
            case 0:
                var values = Enumerable.Range(0, random.Next(40)).Select(_ => Value()).ToArray();
                column.AddRange(values);
                list.AddRange(values);
                break;
            case 1:
                var count = random.Next(40);
                column.AddDefaults(count);
                list.AddRange(new int[count]);
                break;
            case 2:
                var appended = column.Append(random.Next(20));
                var value = Value();
                appended.Fill(value);
                list.AddRange(Enumerable.Repeat(value, appended.Length));
                break;
            case 3 when list.Count > 0:
                var (row, written) = (random.Next(list.Count), Value());
                column.Writable[row] = list[row] = written;
                break;
            case 4:
                var kept = random.Next(list.Count + 1);
                column.Truncate(kept);
                list.RemoveRange(kept, list.Count - kept);
                break;
            case 5:
                column.Trim();
                break;
            case 6:
                column.Reserve(random.Next(200));
                break;
            default:
                var added = Value();
                column.Add(added);
                list.Add(added);
                break;
        }
    }
}
