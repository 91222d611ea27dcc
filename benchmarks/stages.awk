# Reads `perf script -F comm,ip,sym,dso -G`, sampled at 999 Hz; prints a table of nanoseconds per span. Give spans= the number of spans stored meanwhile.
function stage() {
  kernel = /\(\[kernel/
  runtime = /libcoreclr|libclrgc|libclrjit/
  if (/^ *\.NET Tiered/) return "compiler"
  if (/^ *\.NET (BGC|Finalizer|Server GC)/) return "garbage collector (its own threads)"
  if (/^ *clew seal/) {
    if (kernel) return "seal: write and flush the block (kernel)"
    if (/libzstd|Lz4/) return "seal: compress"
    if (runtime) return "seal: runtime, collector"
    if (/BatchMerger|SpanCopier|StringTable/) return "seal: merge the batches"
    if (/RowOrder|SortHelper/) return "seal: put rows in order"
    if (/StringPlacement|BlockDictionary|OperationCollector|ServiceOperation/) return "seal: dictionary"
    if (/Storage\.Columns|ChunkWriter|BatchEncoder|TraceOrder|TraceRuns|BloomFilter|BlockWriter|Crc/) return "seal: encode columns"
    return "seal: gather row groups"
  }
  if (/^ *clew commit/) {
    if (kernel) return "commit: write and flush (kernel)"
    if (/Crc/) return "commit: checksum"
    return "commit: queue, publish, answer"
  }
  if (/^ *clew (compact|keep)/) return "compaction"
  if (/^ *\.NET Sockets/ || (kernel && /^ *\.NET TP/)) return "request: sockets, thread switches (kernel)"
  if (/StringTable|BatchBuilder/) return "request: intern strings"
  if (/Clew\.Storage/) return "request: encode the record"
  if (/Clew\.(Otlp|Model)/) return "request: decode"
  if (/^ *\.NET TP/ && runtime) return "request: runtime, collector"
  if (/^ *\.NET TP/) return "request: Kestrel, buffers, locks"
  return "everything else"
}
{ samples[stage()]++; total++ }
END {
  if (total == 0 || spans == 0) { print "no samples"; exit 1 }
  nanos = 1e9 / 999 / spans
  printf "\n| stage | ns per span |\n|---|---:|\n"
  sort = "sort -t'|' -k2,2"
  for (name in samples) printf "| %s | %.0f |\n", name, samples[name] * nanos | sort
  close(sort)
  printf "| **all** | **%.0f** |\n", total * nanos
}
