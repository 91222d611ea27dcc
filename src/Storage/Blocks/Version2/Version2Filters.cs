namespace Clew.Storage.Blocks.Version2;

/// <summary>What blocks of version 2 have in place of a <see cref="ValueIndex"/>: a Bloom filter per row group, over its own strings. They lie one behind the other in one chunk.</summary>
internal sealed class Version2Filters
{
    readonly ulong[] _words;
    readonly int[] _ends;

    /// <exception cref="CorruptFileException">They are damaged, or fewer than the block has strings.</exception>
    public Version2Filters(BlockFile file, ChunkPlace place, RowGroupInfo[] groups)
    {
        _words = file.ReadFilter(place);
        _ends = new int[groups.Length];
        var end = 0;
        foreach (var group in groups)
        {
            var count = BloomFilter.BlocksFor(group.OwnStrings) * BloomFilter.BlockWords;
            if (count > _words.Length - end)
                throw new CorruptFileException(file.Path, place.Offset, $"at least {(long)end + count} words of filters", $"{_words.Length}");
            _ends[group.Number] = end += count;
        }
    }

    /// <summary>What it costs to keep in memory, about.</summary>
    public long MemoryBytes => _words.Length * 8L + _ends.Length * 4L;

    public ValuePlaces PlacesOf(ulong hash) => new Places(this, hash);

    sealed class Places(Version2Filters filters, ulong hash) : ValuePlaces
    {
        protected override bool Has(int group) =>
            new BloomFilter(filters._words.AsMemory((group == 0 ? 0 : filters._ends[group - 1])..filters._ends[group])).MayContain(hash);
    }
}
