namespace CanaryFunctions.Simulator.Gateway;

/// <summary>
/// Chooses by weight, without chance: smooth weighted round robin, so that any stretch of requests is split as closely to the weights as whole requests can be.
/// </summary>
internal sealed class WeightedTurns<T>
{
    private readonly T[] _items;
    private readonly double[] _weights;
    private readonly double[] _credit;
    private readonly double _total;
    private readonly Lock _lock = new();

    /// <param name="items">At least one. Weights below 0 count as 0; if all are 0, everybody takes equal turns.</param>
    public WeightedTurns(IReadOnlyList<(T Item, double Weight)> items)
    {
        _items = [.. items.Select(i => i.Item)];
        _weights = [.. items.Select(i => Math.Max(0, i.Weight))];
        if (_weights.Sum() == 0)
        {
            Array.Fill(_weights, 1);
        }

        _credit = new double[_weights.Length];
        _total = _weights.Sum();
    }

    public T Next()
    {
        if (_items.Length == 1)
        {
            return _items[0];
        }

        lock (_lock)
        {
            var best = -1;
            for (var i = 0; i < _items.Length; i++)
            {
                _credit[i] += _weights[i];
                if (_weights[i] > 0 && (best < 0 || _credit[i] > _credit[best]))
                {
                    best = i;
                }
            }

            _credit[best] -= _total;
            return _items[best];
        }
    }
}
