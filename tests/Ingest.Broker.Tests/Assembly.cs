// Brokers that start at the same time starve each other on a small machine, and what waits for a fault would wait in vain.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
