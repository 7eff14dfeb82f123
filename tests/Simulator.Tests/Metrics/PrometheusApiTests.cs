using System.Net;
using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class PrometheusApiTests : IAsyncLifetime, IDisposable
{
    private const long Now = (TestSeries.Epoch / 1000) + 45;
    private readonly TestSeries _series = new TestSeries()
        .Every(15, "up{job=\"gateway\",pod=\"a\"}", 1, 1, 1, 1).Every(15, "up{job=\"gateway\",pod=\"b\"}", 1, 0, double.NaN, 0.5);

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    public PrometheusApiTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        var registry = new MetricRegistry();
        registry.Counter("hits_total", "Hits.").With().Inc();
        _app.MapMetrics(registry);
        _app.MapPrometheusApi(_series.Store, new PrometheusApiOptions { Time = new ManualTime(DateTimeOffset.FromUnixTimeSeconds(Now)) });
    }

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("query?query=up", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"gateway","pod":"a"},"value":[1760000445,"1"]},{"metric":{"__name__":"up","job":"gateway","pod":"b"},"value":[1760000445,"0.5"]}]}}""")]
    [InlineData("query?query=vector(1)&time=1760000400.05", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1760000400.050,"1"]}]}}""")]
    [InlineData("query?query=vector(1)&time=2025-10-09T09:00:00Z", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1760000400,"1"]}]}}""")]
    [InlineData("query?query=1e21", """{"status":"success","data":{"resultType":"scalar","result":[1760000445,"1000000000000000000000"]}}""")]
    [InlineData("query?query=%22text%22", """{"status":"success","data":{"resultType":"string","result":[1760000445,"text"]}}""")]
    [InlineData("query?query=up{pod=%22b%22}[30s]", """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"gateway","pod":"b"},"values":[[1760000415,"0"],[1760000430,"NaN"],[1760000445,"0.5"]]}]}}""")]
    [InlineData("query?query=nothing", """{"status":"success","data":{"resultType":"vector","result":[]}}""")]
    [InlineData("query_range?query=sum(up{pod=%22a%22})&start=1760000399&end=1760000430&step=15s", """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1760000414,"1"],[1760000429,"1"]]}]}}""")]
    [InlineData("query_range?query=2&start=1760000400&end=1760000401&step=0.5", """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1760000400,"2"],[1760000400.500,"2"],[1760000401,"2"]]}]}}""")]
    [InlineData("labels", """{"status":"success","data":["__name__","job","pod"]}""")]
    [InlineData("labels?match[]=nothing", """{"status":"success","data":[]}""")]
    [InlineData("label/pod/values", """{"status":"success","data":["a","b"]}""")]
    [InlineData("label/pod/values?end=1", """{"status":"success","data":[]}""")]
    [InlineData("series?match[]=up{pod=%22a%22}&match[]=nothing", """{"status":"success","data":[{"__name__":"up","job":"gateway","pod":"a"}]}""")]
    public async Task Answer_IsPrometheusJson(string request, string expected)
    {
        using var response = await _http.GetAsync(new Uri($"/api/v1/{request}", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsStringAsync()).ShouldBe(expected);
    }

    [Theory]
    [InlineData("query", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:1: parse error: no expression found in input"}""")]
    [InlineData("query?query=sum(", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis"}""")]
    [InlineData("query?query=up&time=x", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"time\": Invalid time value for 'time': cannot parse \"x\" to a valid timestamp"}""")]
    [InlineData("query?query=up&timeout=x", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"timeout\": cannot parse \"x\" to a valid duration"}""")]
    [InlineData("query?query=up*on(job)up", 422, """{"status":"error","errorType":"execution","error":"found duplicate series for the match group {job=\"gateway\"} on the right hand-side of the operation: [{__name__=\"up\", job=\"gateway\", pod=\"b\"}, {__name__=\"up\", job=\"gateway\", pod=\"a\"}];many-to-many matching not allowed: matching labels must be unique on one side"}""")]
    [InlineData("query_range?query=up&start=2&end=1&step=1", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"end\": end timestamp must not be before start time"}""")]
    [InlineData("query_range?query=up&start=1&end=2&step=0", 400, """{"status":"error","errorType":"bad_data","error":"invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer"}""")]
    [InlineData("query_range?query=up&start=1&end=99999&step=1", 400, """{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"}""")]
    [InlineData("query_range?query=up[1m]&start=1&end=2&step=1", 400, """{"status":"error","errorType":"bad_data","error":"invalid expression type \"range vector\" for range query, must be Scalar or instant Vector"}""")]
    [InlineData("series", 400, """{"status":"error","errorType":"bad_data","error":"no match[] parameter provided"}""")]
    [InlineData("label/a-b/values", 400, """{"status":"error","errorType":"bad_data","error":"invalid label name: \"a-b\""}""")]
    public async Task BadRequest_SaysWhatPrometheusSays(string request, int status, string expected)
    {
        using var response = await _http.GetAsync(new Uri($"/api/v1/{request}", UriKind.Relative));
        ((int)response.StatusCode).ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBe(expected);
    }

    [Fact]
    public async Task Post_OfAForm_IsTheSameAsGet()
    {
        using var form = new FormUrlEncodedContent([new("query", "vector(7)"), new("time", "1760000400")]);
        using var response = await _http.PostAsync(new Uri("/api/v1/query", UriKind.Relative), form);
        (await response.Content.ReadAsStringAsync()).ShouldContain("[1760000400,\"7\"]");
    }

    [Theory]
    [InlineData("/-/healthy", "Healthy.")]
    [InlineData("/-/ready", "Ready.")]
    [InlineData("/", "<textarea id=\"query\"")]
    [InlineData("/metrics", "hits_total 1")]
    public async Task Page_IsServed(string path, string content) => (await _http.GetStringAsync(new Uri(path, UriKind.Relative))).ShouldContain(content);
}
