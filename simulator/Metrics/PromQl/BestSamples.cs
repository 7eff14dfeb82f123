namespace CanaryFunctions.Simulator.Metrics.PromQl;

/// <summary>
/// The best few samples of a group. Which of equal ones are kept follows from the way Prometheus keeps them, in a binary heap with the worst on top, so it is
/// the same heap here: queries for the top of many idle series are common.
/// </summary>
internal sealed class BestSamples(int limit, bool largest)
{
    private readonly List<Sample> _heap = [];

    public void Offer(Sample sample)
    {
        if (_heap.Count == limit)
        {
            if (limit == 0 || !(double.IsNaN(_heap[0].Value) || Beats(sample.Value, _heap[0].Value)))
            {
                return;
            }

            RemoveWorst();
        }

        _heap.Add(sample);
        Rise(_heap.Count - 1);
    }

    /// <summary>Best first.</summary>
    public IEnumerable<Sample> InOrder()
    {
        Sample[] sorted = [.. _heap];
        for (var i = 1; i < sorted.Length; i++)
        {
            for (var j = i; j > 0 && IsWorse(sorted[j - 1], sorted[j]); j--)
            {
                (sorted[j], sorted[j - 1]) = (sorted[j - 1], sorted[j]);
            }
        }

        return sorted;
    }

    private bool Beats(double value, double other) => largest ? value > other : value < other;

    // NaN is worse than anything, another NaN too.
    private bool IsWorse(Sample sample, Sample other) => double.IsNaN(sample.Value) || Beats(other.Value, sample.Value);

    private void Rise(int at)
    {
        while (at > 0 && IsWorse(_heap[at], _heap[(at - 1) / 2]))
        {
            Swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void RemoveWorst()
    {
        _heap[0] = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        for (var at = 0; (2 * at) + 1 < _heap.Count;)
        {
            var child = (2 * at) + 1;
            if (child + 1 < _heap.Count && IsWorse(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsWorse(_heap[child], _heap[at]))
            {
                return;
            }

            Swap(child, at);
            at = child;
        }
    }

    private void Swap(int one, int other) => (_heap[one], _heap[other]) = (_heap[other], _heap[one]);
}
