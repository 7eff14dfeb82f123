using System.Globalization;
using System.Text;

namespace CanaryFunctions.LoadTester.Tasks;

/// <summary>Counts of tasks and of the built-in generator's requests, as Prometheus text. Labels stay few: never a Canary's name. Thread-safe.</summary>
internal sealed class TaskMetrics
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _running = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _started = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Type, string Result), (long Count, double Seconds)> _ended = [];
    private readonly long[] _answers = new long[6];

    public void TaskStarted(string type)
    {
        lock (_lock)
        {
            _started[type] = _started.GetValueOrDefault(type) + 1;
            _running[type] = _running.GetValueOrDefault(type) + 1;
        }
    }

    public void TaskEnded(string type, string result, TimeSpan took)
    {
        lock (_lock)
        {
            _running[type]--;
            var before = _ended.GetValueOrDefault((type, result));
            _ended[(type, result)] = (before.Count + 1, before.Seconds + took.TotalSeconds);
        }
    }

    /// <summary>The status of one answer to the generator; 0 for none.</summary>
    public void Answered(int status) => Interlocked.Increment(ref _answers[Math.Clamp(status / 100, 0, 5)]);

    public string ToText()
    {
        var text = new StringBuilder();
        lock (_lock)
        {
            Header(text, "loadtester_tasks_started_total", "counter", "Tasks started.");
            WriteByType(text, "loadtester_tasks_started_total", _started);
            Header(text, "loadtester_tasks_running", "gauge", "Tasks at work.");
            WriteByType(text, "loadtester_tasks_running", _running);
            Header(text, "loadtester_task_duration_seconds", "summary", "Time from start to end of a task, by its result.");
            foreach (var ((type, result), (count, seconds)) in _ended)
            {
                text.Append(CultureInfo.InvariantCulture, $"loadtester_task_duration_seconds_sum{{type=\"{type}\",result=\"{result}\"}} {seconds}\n");
                text.Append(CultureInfo.InvariantCulture, $"loadtester_task_duration_seconds_count{{type=\"{type}\",result=\"{result}\"}} {count}\n");
            }
        }

        Header(text, "loadtester_requests_total", "counter", "Requests of the built-in generator, by class of the answer's status.");
        for (var i = 0; i < _answers.Length; i++)
        {
            var code = i == 0 ? "none" : $"{i}xx";
            text.Append(CultureInfo.InvariantCulture, $"loadtester_requests_total{{code=\"{code}\"}} {Interlocked.Read(ref _answers[i])}\n");
        }

        return text.ToString();
    }

    private static void Header(StringBuilder text, string name, string kind, string help)
        => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n");

    private static void WriteByType(StringBuilder text, string name, SortedDictionary<string, long> values)
    {
        foreach (var (type, value) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{type=\"{type}\"}} {value}\n");
        }
    }
}
