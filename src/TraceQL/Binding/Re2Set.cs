using System.Globalization;
using System.Text;

namespace Clew.TraceQL.Binding;

/// <summary>A set of characters, written so that .NET, which looks at UTF-16 units, matches whole characters.</summary>
sealed class Re2Set
{
    const int LastOfOneUnit = 0xFFFF, Last = 0x10FFFF, FirstSurrogate = 0xD800, LastSurrogate = 0xDFFF;

    readonly List<(int From, int To)> _ranges = [];

    // In .NET's spelling. They know nothing above U+FFFF.
    readonly StringBuilder _categories = new();

    public bool IsNegated { get; set; }

    /// <summary>How much it adds to a pattern.</summary>
    public int Size => 1 + _ranges.Count(range => range.To > LastOfOneUnit);

    public void Add(int from, int to) => _ranges.Add((from, to));

    /// <param name="pairs">The first and the last character of each range, in order and apart.</param>
    public void Add(string pairs, bool isComplement)
    {
        var free = 0;
        for (var at = 0; at < pairs.Length; at += 2)
        {
            if (!isComplement)
                Add(pairs[at], pairs[at + 1]);
            else if (pairs[at] > free)
                Add(free, pairs[at] - 1);
            free = pairs[at + 1] + 1;
        }

        if (isComplement)
            Add(free, Last);
    }

    public void AddCategory(string name, bool isComplement)
    {
        _categories.Append(isComplement ? @"\P{" : @"\p{").Append(name).Append('}');
        if (isComplement)
            Add(LastOfOneUnit + 1, Last);
    }

    public void Add(Re2Set other)
    {
        _ranges.AddRange(other._ranges);
        _categories.Append(other._categories);
    }

    /// <summary>One character.</summary>
    public static string Literal(int rune, bool isCaseless)
    {
        var written = rune > LastOfOneUnit || char.IsAsciiLetterOrDigit((char)rune) ? char.ConvertFromUtf32(rune) : Unit(rune);
        return isCaseless ? $"(?i:{written})" : rune > LastOfOneUnit ? $"(?:{written})" : written;
    }

    public string Write(bool isCaseless)
    {
        if (IsNegated && _categories.Length == 0 && _ranges.TrueForAll(range => range.To <= LastOfOneUnit))
            return AnyBut(isCaseless);
        var parts = new List<string>();
        var units = OfOneUnit();
        if (units is not null)
            parts.Add(units);
        foreach (var (from, to) in IsNegated ? Complement() : _ranges)
        {
            if (to > LastOfOneUnit)
                AddPairs(parts, Math.Max(from, LastOfOneUnit + 1), to);
        }

        var written = parts.Count == 0 ? @"[^\s\S]" : string.Join('|', parts);
        return isCaseless ? $"(?i:{written})" : $"(?:{written})";
    }

    /// <summary>As the translation of a dot: a unit not of the set, and the first half of its pair if it is the second.</summary>
    string AnyBut(bool isCaseless)
    {
        var text = new StringBuilder();
        foreach (var (from, to) in _ranges)
            Append(text, from, to);
        return $@"(?{(isCaseless ? "i" : "")}:[\uD800-\uDBFF]?[^{text}\uD800-\uDBFF])";
    }

    /// <summary>The class of the units that are characters of the set; null when there are none.</summary>
    string? OfOneUnit()
    {
        var text = new StringBuilder();
        foreach (var (from, to) in _ranges)
        {
            Append(text, from, Math.Min(to, FirstSurrogate - 1));
            Append(text, Math.Max(from, LastSurrogate + 1), Math.Min(to, LastOfOneUnit));
        }

        text.Append(_categories);
        if (IsNegated)
            return $@"[^{text}\uD800-\uDFFF]";
        return text.Length == 0 ? null : _categories.Length == 0 ? $"[{text}]" : $@"[{text}-[\uD800-\uDFFF]]";
    }

    static void Append(StringBuilder text, int from, int to)
    {
        if (from <= to)
            text.Append(Unit(from)).Append('-').Append(Unit(to));
    }

    List<(int From, int To)> Complement()
    {
        var complement = new List<(int, int)>();
        var free = LastOfOneUnit + 1;
        foreach (var (from, to) in _ranges.Where(range => range.To > LastOfOneUnit).OrderBy(range => range.From))
        {
            if (from > free)
                complement.Add((free, from - 1));
            free = Math.Max(free, to + 1);
        }

        if (free <= Last)
            complement.Add((free, Last));
        return complement;
    }

    /// <summary>Characters above U+FFFF are pairs of units: the same first with a range of seconds, and whole ranges of firsts.</summary>
    static void AddPairs(List<string> parts, int from, int to)
    {
        var (first, second) = Split(from);
        var (lastFirst, lastSecond) = Split(to);
        if (first == lastFirst)
        {
            parts.Add($"{Unit(first)}[{Unit(second)}-{Unit(lastSecond)}]");
            return;
        }

        if (second > 0xDC00)
            parts.Add($@"{Unit(first++)}[{Unit(second)}-\uDFFF]");
        if (lastSecond < 0xDFFF)
            parts.Add($@"{Unit(lastFirst--)}[\uDC00-{Unit(lastSecond)}]");
        if (first <= lastFirst)
            parts.Add($@"[{Unit(first)}-{Unit(lastFirst)}][\uDC00-\uDFFF]");
    }

    static (int First, int Second) Split(int rune) => (0xD800 + ((rune - 0x10000) >> 10), 0xDC00 + ((rune - 0x10000) & 0x3FF));

    static string Unit(int unit) => $@"\u{unit.ToString("X4", CultureInfo.InvariantCulture)}";
}
