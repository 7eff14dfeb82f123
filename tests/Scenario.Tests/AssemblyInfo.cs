// Each scenario runs a whole cluster on a fast clock and waits most of the time. Two at once use both cores of a small machine; more would slow each other down.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
