// The guides share a control plane and wait most of the time.
[assembly: CollectionBehavior(MaxParallelThreads = 7)]
