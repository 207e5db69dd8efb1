// The tests mostly wait: those that share a broker run beside those that have one of their own, each group one after the other. Brokers that
// start at the same time starve each other on a small machine, and what waits for a fault would wait in vain.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]
