// Each scenario runs a whole cluster on a fast clock: those that measure traffic would disturb each other, and run one after the other. What does not measure runs
// beside them, in the collection that says so.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]
