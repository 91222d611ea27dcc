using System.Text;

namespace Clew.Model.Tests;

public sealed class StringTableTests
{
    [Fact]
    public void Equal_strings_share_a_code_and_different_ones_do_not()
    {
        var random = new Random(7);
        var table = new StringTable();
        var codes = new Dictionary<string, int> { [""] = 0 };
        for (var turn = 0; turn < 20_000; turn++)
        {
            var text = new string((char)('a' + random.Next(3)), random.Next(20)) + random.Next(2_000);
            var code = table.Intern(Encoding.UTF8.GetBytes(text));
            Assert.Equal(codes.TryAdd(text, code) ? table.Count - 1 : codes[text], code);
            Assert.Equal(text, table.GetString(code));
        }

        Assert.Equal(codes.Count, table.Count);
    }

    [Fact]
    public void A_loaded_table_finds_what_the_original_held_and_nothing_else()
    {
        var original = new StringTable();
        string[] texts = ["", "a", "service.name", "größer", new('x', 300), "12345678", "123456789"];
        foreach (var text in texts)
            original.Intern(text);
        var loaded = new StringTable();
        Assert.True(loaded.TryLoad(original.Bytes, original.Ends));
        foreach (var text in texts)
        {
            Assert.True(loaded.TryFind(text, out var code));
            Assert.Equal(text, original.GetString(code));
        }

        Assert.False(loaded.TryFind("b", out _));
        Assert.Equal(original.Count, loaded.Intern("b"));
    }

    [Fact]
    public void Ends_that_do_not_describe_the_bytes_are_refused()
    {
        var table = new StringTable();
        Assert.False(table.TryLoad("abc"u8, []));
        Assert.False(table.TryLoad("abc"u8, [0, 2]));
        Assert.False(table.TryLoad("abc"u8, [0, 2, 1, 3]));
        Assert.False(table.TryLoad("abc"u8, [1, 3]));
        Assert.True(table.TryLoad("abc"u8, [0, 2, 3]));
        Assert.Equal("c", table.GetString(2));
    }

    [Fact]
    public void A_cleared_table_starts_again_with_the_empty_string()
    {
        var table = new StringTable();
        table.Intern("one");
        table.Clear();
        Assert.Equal(1, table.Count);
        Assert.False(table.TryFind("one", out _));
        Assert.Equal(1, table.Intern("two"));
        Assert.Equal("two", table.GetString(1));
    }
}
