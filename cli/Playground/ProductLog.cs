using System.Text;

namespace CanaryFunctions.Cli.Playground;

/// <summary>Takes the product's log lines and gives them to its pod's log, so that <c>kubectl logs deployment/flagger</c> shows them, and to a further writer.</summary>
internal sealed class ProductLog(TextWriter? also) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _line = new();
    private readonly List<string> _early = [];
    private Action<string>? _pod;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>From now on lines go to this pod; those written before it ran come first.</summary>
    internal void Attach(Action<string> pod)
    {
        lock (_gate)
        {
            _pod = pod;
            _early.ForEach(pod);
            _early.Clear();
        }
    }

    public override void Write(char value)
    {
        lock (_gate)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            Emit(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }

    private void Emit(string line)
    {
        also?.WriteLine(line);
        if (_pod is { } pod)
        {
            pod(line);
        }
        else
        {
            _early.Add(line);
        }
    }
}
