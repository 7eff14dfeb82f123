using CanaryFunctions.LoadTester.Tasks;

namespace CanaryFunctions.LoadTester.Tests.Tasks;

public sealed class TaskMetricsTests
{
    [Fact]
    public void ToText_TasksAndAnswers_AreCounted()
    {
        var metrics = new TaskMetrics();
        metrics.TaskStarted("cmd");
        metrics.TaskStarted("cmd");
        metrics.TaskEnded("cmd", "failed", TimeSpan.FromSeconds(1.5));
        metrics.Answered(200);
        metrics.Answered(503);
        metrics.Answered(0);
        var lines = metrics.ToText().Split('\n');
        lines.ShouldContain("loadtester_tasks_started_total{type=\"cmd\"} 2");
        lines.ShouldContain("loadtester_tasks_running{type=\"cmd\"} 1");
        lines.ShouldContain("loadtester_task_duration_seconds_sum{type=\"cmd\",result=\"failed\"} 1.5");
        lines.ShouldContain("loadtester_task_duration_seconds_count{type=\"cmd\",result=\"failed\"} 1");
        lines.ShouldContain("loadtester_requests_total{code=\"2xx\"} 1");
        lines.ShouldContain("loadtester_requests_total{code=\"5xx\"} 1");
        lines.ShouldContain("loadtester_requests_total{code=\"none\"} 1");
    }
}
