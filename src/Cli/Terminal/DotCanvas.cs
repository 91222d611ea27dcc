namespace Clew.Cli.Terminal;

/// <summary>A picture of dots, two by four in each character (Unicode's Braille patterns). A character has the colour of what was drawn in it last.</summary>
internal sealed class DotCanvas(int columns, int rows)
{
    public const int DotsAcross = 2, DotsDown = 4;

    // The bit of each dot of a character, row by row.
    static readonly byte[] Bits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];

    readonly byte[] _dots = new byte[columns * rows];
    readonly int[] _owners = new int[columns * rows];

    public int Width => columns * DotsAcross;

    public int Height => rows * DotsDown;

    /// <summary>A straight line between two dots, both included. Dots count from the upper left.</summary>
    public void Draw((int X, int Y) from, (int X, int Y) to, int owner)
    {
        var steps = Math.Max(1, Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)));
        for (var step = 0; step <= steps; step++)
            Set(from.X + ((to.X - from.X) * step / steps), from.Y + ((to.Y - from.Y) * step / steps), owner);
    }

    /// <summary>One row of characters, in runs of one owner each; -1 owns what is empty.</summary>
    public IEnumerable<(string Text, int Owner)> Row(int row)
    {
        for (var start = 0; start < columns;)
        {
            var end = start;
            while (end < columns && OwnerOf(row, end) == OwnerOf(row, start))
                end++;
            var run = new char[end - start];
            for (var column = start; column < end; column++)
                run[column - start] = OwnerOf(row, column) < 0 ? ' ' : (char)(0x2800 + _dots[(row * columns) + column]);
            yield return (new string(run), OwnerOf(row, start));
            start = end;
        }
    }

    int OwnerOf(int row, int column) => _dots[(row * columns) + column] == 0 ? -1 : _owners[(row * columns) + column];

    void Set(int x, int y, int owner)
    {
        var cell = (y / DotsDown * columns) + (x / DotsAcross);
        _dots[cell] |= Bits[(y % DotsDown * DotsAcross) + (x % DotsAcross)];
        _owners[cell] = owner;
    }
}
