namespace Clew.Storage.Columns;

/// <summary>A condition on numbers of a column, as a struct so that the loops over them are compiled for it.</summary>
internal interface INumberTest
{
    bool Passes(ulong number);
}
