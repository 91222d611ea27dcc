namespace Clew.Model;

/// <summary>Guesses which known name somebody meant.</summary>
public static class NearestName
{
    /// <summary>The known name that is the fewest edits away, or null when even that one is nothing like <paramref name="name"/>.</summary>
    /// <remarks>An edit inserts, deletes or replaces a letter, or swaps two neighbours (optimal string alignment). Case and -, _ and . count as half the same.</remarks>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var meant = Normal(name);
        // No letter of the name may be left over.
        var fewest = Math.Min(name.Length, Math.Max(2, name.Length / 3) + 1);
        foreach (var candidate in known)
        {
            // Each letter more or less is an edit.
            if (Math.Abs(candidate.Length - name.Length) >= fewest)
                continue;
            var edits = Edits(meant, Normal(candidate));
            if (edits >= fewest)
                continue;
            fewest = edits;
            nearest = candidate;
        }

        return nearest;
    }

    static string Normal(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (var at = 0; at < source.Length; at++)
            target[at] = source[at] is '-' or '.' ? '_' : char.ToLowerInvariant(source[at]);
    });

    static int Edits(string left, string right)
    {
        var before = new int[right.Length + 1];
        var above = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            above[column] = column;
        for (var at = 1; at <= left.Length; at++)
        {
            row[0] = at;
            for (var column = 1; column <= right.Length; column++)
            {
                var replace = above[column - 1] + (left[at - 1] == right[column - 1] ? 0 : 1);
                row[column] = Math.Min(replace, Math.Min(above[column], row[column - 1]) + 1);
                if (at > 1 && column > 1 && left[at - 1] == right[column - 2] && left[at - 2] == right[column - 1])
                    row[column] = Math.Min(row[column], before[column - 2] + 1);
            }

            (before, above, row) = (above, row, before);
        }

        return above[right.Length];
    }
}
