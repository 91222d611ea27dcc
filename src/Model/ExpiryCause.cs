namespace Clew.Model;

/// <summary>Why stored spans were removed before anyone asked for it.</summary>
public enum ExpiryCause : byte
{
    /// <summary>They arrived longer ago than their level keeps spans.</summary>
    Age,

    /// <summary>The budget for the disk was used up, or the disk itself.</summary>
    Budget,
}
