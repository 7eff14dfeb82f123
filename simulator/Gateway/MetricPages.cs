using CanaryFunctions.Simulator.Metrics;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The series of the data planes, a page for each: in a real cluster each is a program of its own, and a scrape job.</summary>
public sealed class MetricPages
{
    private readonly SortedDictionary<string, MetricRegistry> _pages = new(StringComparer.Ordinal);

    /// <summary>Values of the label <c>job</c>.</summary>
    public IReadOnlyCollection<string> Jobs => _pages.Keys;

    /// <summary>A new page. Not thread-safe: all pages are added before the first one is served.</summary>
    /// <exception cref="ArgumentException">There is such a job already.</exception>
    public MetricRegistry Add(string job)
    {
        var page = new MetricRegistry();
        _pages.Add(job, page);
        return page;
    }

    /// <summary>Null: there is no such job.</summary>
    public MetricRegistry? Find(string job) => _pages.GetValueOrDefault(job);
}
