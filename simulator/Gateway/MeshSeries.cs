using System.Collections.Concurrent;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Network;
using CanaryFunctions.Simulator.Network.Mesh;
using CanaryFunctions.Simulator.Workloads;

namespace CanaryFunctions.Simulator.Gateway;

/// <summary>The two series that sidecars keep: a counter of requests, and a histogram of their milliseconds with the same labels.</summary>
/// <param name="labelsOf">Values of the families' labels for a request that a pod was sent by this Service's name, with this host and answer.</param>
internal sealed class MeshSeries(
    MetricFamily<Counter> requests, MetricFamily<Histogram> milliseconds, Func<MeshedPod, ObjectKey, string, int, string[]> labelsOf)
{
    public IPodMeter For(MeshedPod pod) => new Meter(this, pod);

    private (Counter Requests, Histogram Milliseconds, string[] Labels) Make(string[] labels)
        => (requests.With(labels), milliseconds.With(labels), labels);

    private void Remove(string[] labels)
    {
        requests.Remove(labels);
        milliseconds.Remove(labels);
    }

    private sealed class Meter(MeshSeries owner, MeshedPod pod) : IPodMeter
    {
        private readonly ConcurrentDictionary<(ObjectKey Service, string Host, int Code), (Counter Requests, Histogram Milliseconds, string[] Labels)> _known = new();
        private readonly Lock _making = new();
        private bool _isGone;

        public void Record(ObjectKey service, in Served served)
        {
            var key = (service, served.Host, served.Code);
            if (!_known.TryGetValue(key, out var instruments))
            {
                lock (_making)
                {
                    if (_isGone)
                    {
                        return;                                      // the answer came after the end; nobody would ever remove its series
                    }

                    instruments = _known.GetOrAdd(key, k => owner.Make(owner.LabelsOf(pod, k.Service, k.Host, k.Code)));
                }
            }

            instruments.Requests.Inc();
            instruments.Milliseconds.Observe(served.BackendDuration * 1000);
        }

        public void Forget()
        {
            lock (_making)
            {
                _isGone = true;
                foreach (var (_, _, labels) in _known.Values)
                {
                    owner.Remove(labels);
                }
            }
        }
    }

    private string[] LabelsOf(MeshedPod pod, ObjectKey service, string host, int code) => labelsOf(pod, service, host, code);
}
