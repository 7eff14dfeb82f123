// Each scenario runs a whole cluster on a fast clock: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
