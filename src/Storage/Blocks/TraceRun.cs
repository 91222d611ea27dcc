using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The rows of one trace in one row group: neighbours, by start. A trace that did not fit goes on at the beginning of the next row group.</summary>
/// <param name="Start">The earliest start of these rows.</param>
/// <param name="FirstRow">Within the row group.</param>
internal readonly record struct TraceRun(TraceId Id, UnixNanos Start, int Group, int FirstRow, int RowCount, KeepDecision Decision);
