// Each test runs real processes and two cores are all there may be: side by side they would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
