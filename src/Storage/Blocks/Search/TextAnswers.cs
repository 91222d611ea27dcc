using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>What a text test says of the strings of a block: asked once per string of the dictionary that is met, and per row group for its own.</summary>
/// <remarks>Any number of threads ask. Two that ask for the same string at once both find out.</remarks>
internal sealed class TextAnswers(TextTest test, StringTable shared)
{
    const byte Unknown = 0, Fails = 1, Holds = 2;

    readonly byte[] _known = new byte[shared.Count];

    public bool OfShared(int code)
    {
        var known = Volatile.Read(ref _known[code]);
        if (known == Unknown)
            Volatile.Write(ref _known[code], known = test.Holds(shared[code]) ? Holds : Fails);
        return known == Holds;
    }

    /// <summary>For the strings of a row group.</summary>
    public CodeTest Of(RowGroupReader reader) => new(this, reader);

    /// <summary>A number is the code of a string that passes. For one thread, and one row group.</summary>
    internal readonly struct CodeTest(TextAnswers answers, RowGroupReader reader) : Columns.INumberTest
    {
        readonly byte[] _own = new byte[reader.Directory.OwnStrings];

        public bool Passes(ulong number)
        {
            var code = (int)number;
            if (code < answers._known.Length)
                return answers.OfShared(code);
            ref var known = ref _own[code - answers._known.Length];
            if (known == Unknown)
                known = answers.Ask(reader, code - answers._known.Length);
            return known == Holds;
        }
    }

    byte Ask(RowGroupReader reader, int own)
    {
        var (ends, bytes) = reader.OwnStrings;
        return test.Holds(bytes.AsSpan((own == 0 ? 0 : ends[own - 1])..ends[own])) ? Holds : Fails;
    }
}
