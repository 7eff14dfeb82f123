// Each test has a control plane of its own, which takes both cores to start.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
