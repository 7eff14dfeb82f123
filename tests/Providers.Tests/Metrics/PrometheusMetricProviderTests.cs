using System.Globalization;
using CanaryFunctions.Core.Analysis;
using CanaryFunctions.Providers.Metrics.Prometheus;

namespace CanaryFunctions.Providers.Tests.Metrics;

public sealed class PrometheusMetricProviderTests
{
    private const string One = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000000.1,"1.5"]}]}}""";

    private readonly ListLogger<PrometheusMetricProvider> _log = new();

    public static TheoryData<string, string> Answers => new()
    {
        { One, "value 1.5" },
        { """{"data":{"result":[{"value":[1,"1e3"]}]}}""", "value 1000" },
        { """{"status":"success","data":{"resultType":"scalar","result":[1700000000,"42"]}}""", "value 42" },
        { """{"data":{"result":[{"value":[1,"+Inf"]}]}}""", "value Infinity" },
        { """{"data":{"result":[{"value":[1,"-Inf"]}]}}""", "value -Infinity" },
        { """{"data":{"result":[{"value":[1,"NaN"]}]}}""", "none no values found" },
        { """{"data":{"resultType":"scalar","result":[1,"NaN"]}}""", "none no values found" },
        { """{"data":{"resultType":"vector","result":[]}}""", "none no values found" },
        { """{"data":{"result":[]},"warnings":["a is down","b is down"]}""", "none no values found; the server warned: a is down; b is down" },
        {
            """{"data":{"result":[{"value":[1,"1"]},{"value":[1,"1"]},{"value":[1,"2"]}]}}""",
            "error query returned multiple values (3 series); aggregate them to one, as with sum()"
        },
        {
            """{"data":{"resultType":"matrix","result":[{"values":[[1,"1"],[2,"2"]]}]}}""",
            "error query returned multiple values (a range of times); it must be an instant vector or a scalar"
        },
        {
            """{"data":{"result":[{"metric":{},"histogram":[1,{"count":"3"}]}]}}""",
            "error query returned a native histogram; take one number of it, as with histogram_quantile()"
        },
        { """{"data":{"result":[{"metric":{}}]}}""", "error query returned a series without a value" },
        { """{"data":{"resultType":"string","result":[1,"up"]}}""", "error query returned '\"up\"', which is not a number" },
        { """{"data":{"result":[{"value":[1,null]}]}}""", "error query returned 'null', which is not a number" },
        { """{"status":"error","errorType":"bad_data","error":"parse error"}""", "error error response: bad_data: parse error" },
        { """{"status":"success"}""", "error error unmarshaling result: no data.result, '{\"status\":\"success\"}'" },
        { "[]", "error error unmarshaling result: no data.result, '[]'" },
        { "null", "error error unmarshaling result: no data.result, 'null'" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task QueryAsync_Answer_IsJudgedByItsShape(string body, string expected)
        => Text(await Provider(FakeHttpCaller.Answers(body)).QueryAsync(new("http://prom:9090", "up"), default)).ShouldBe(expected);

    [Theory]
    [InlineData(400, "{\"status\":\"error\"}", "error error response: Status 400 Bad Request: {\"status\":\"error\"}")]
    [InlineData(503, "", "error error response: Status 503 Service Unavailable: ")]
    [InlineData(499, "x", "error error response: Status 499 Unknown: x")]
    public async Task QueryAsync_StatusOfFailure_IsAnError(int status, string body, string expected)
        => Text(await Provider(FakeHttpCaller.Answers(body, status)).QueryAsync(new("http://prom:9090", "up"), default)).ShouldBe(expected);

    [Fact]
    public async Task QueryAsync_AnswerIsNotJson_ShowsItsBeginning()
    {
        var sample = await Provider(FakeHttpCaller.Answers("<html>" + new string('x', 2000))).QueryAsync(new("http://prom:9090", "up"), default);

        var text = sample.ShouldBeOfType<MetricSample.Error>().Text;
        text.ShouldStartWith("error unmarshaling result: ");
        text.ShouldContain("'<html>xxx");
        text.Length.ShouldBeLessThan(800);
    }

    [Fact]
    public async Task QueryAsync_NoAnswer_IsAnErrorAndNotNoData()
        => Text(await Provider(FakeHttpCaller.Fails("prometheus http://prom:9090: connection refused")).QueryAsync(new("http://prom:9090", "up"), default))
            .ShouldBe("error request failed: prometheus http://prom:9090: connection refused");

    [Theory]
    [InlineData("http://prom:9090", "http://prom:9090/api/v1/query?query=up")]
    [InlineData("http://prom:9090/", "http://prom:9090/api/v1/query?query=up")]
    [InlineData("https://h/prom", "https://h/prom/api/v1/query?query=up")]
    [InlineData("https://h/prom/?tenant=a#x", "https://h/prom/api/v1/query?query=up")]
    [InlineData("http://[::1]:9090/p", "http://[::1]:9090/p/api/v1/query?query=up")]
    public async Task QueryAsync_Address_IsJoinedWithThePath(string address, string expected)
    {
        var http = FakeHttpCaller.Answers(One);

        await Provider(http).QueryAsync(new(address, "up"), default);

        var call = http.Calls.ShouldHaveSingleItem();
        call.Url.AbsoluteUri.ShouldBe(expected);
        call.Method.ShouldBe("GET");
        call.Timeout.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task QueryAsync_Query_IsCollapsedAndFormEscaped()
    {
        var http = FakeHttpCaller.Answers(One);

        await Provider(http).QueryAsync(new("http://p", "\n  sum(rate(a{b=~\"c.*+&#é\"}[1m]))\n\t / 2 * 100%\n"), default);

        http.Calls[0].Url.Query.ShouldBe("?query=sum%28rate%28a%7Bb%3D~%22c.%2A%2B%26%23%C3%A9%22%7D%5B1m%5D%29%29+%2F+2+%2A+100%25");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("prometheus:9090")]
    [InlineData("ftp://prometheus")]
    [InlineData("user:secret@prometheus")]
    [InlineData("gopher://user:secret@prometheus")]
    public async Task QueryAsync_AddressIsNoUrl_IsAnErrorWithoutSecrets(string? address)
    {
        var http = FakeHttpCaller.Answers(One);

        var sample = await Provider(http).QueryAsync(new(address, "up"), default);

        var text = sample.ShouldBeOfType<MetricSample.Error>().Text;
        text.ShouldContain("is not a valid URL; it must look like http://prometheus:9090");
        text.ShouldNotContain("secret");
        http.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task QueryAsync_Token_IsSentOnceBesideTheHeaders()
    {
        var http = FakeHttpCaller.Answers(One);
        var query = new MetricQuery("http://user:pass@p", "up")
        {
            Headers = new Dictionary<string, IReadOnlyList<string>> { ["X-Scope-OrgID"] = ["a", "b"], ["authorization"] = ["Bearer old"] },
            Credentials = new Dictionary<string, string> { ["token"] = "t0k3n\n", ["username"] = "u", ["password"] = "p" },
            InsecureSkipVerify = true,
        };

        await Provider(http).QueryAsync(query, default);
        await Provider(http).QueryAsync(query, default);

        http.Calls[1].Headers.Select(h => $"{h.Key}={h.Value}").ShouldBe(["X-Scope-OrgID=a", "X-Scope-OrgID=b", "Authorization=Bearer t0k3n"]);
        http.Calls[1].InsecureSkipVerify.ShouldBeTrue();
        http.Calls[1].Url.UserInfo.ShouldBeEmpty();
        http.Calls[1].DisplayName.ShouldBe("prometheus http://p");
    }

    [Theory]
    [InlineData("http://p", "u", "p:w", "u:p:w")]
    [InlineData("http://us%40er:p%3Aw@p", null, null, "us@er:p:w")]
    [InlineData("http://user@p", null, null, "user")]
    public async Task QueryAsync_UserAndPassword_AreSentAsBasic(string address, string? username, string? password, string expected)
    {
        var http = FakeHttpCaller.Answers(One);
        var credentials = username is null ? null : new Dictionary<string, string> { ["username"] = username, ["password"] = password! };

        await Provider(http).QueryAsync(new(address, "up") { Credentials = credentials }, default);

        http.Calls[0].Headers.ShouldHaveSingleItem().Value.ShouldBe($"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(expected))}");
    }

    [Fact]
    public async Task QueryAsync_WithoutCredentials_SendsNoAuthorization()
    {
        var http = FakeHttpCaller.Answers(One);

        await Provider(http).QueryAsync(new("http://p", "up"), default);
        await Provider(http).QueryAsync(new("http://p", "up") { Credentials = new Dictionary<string, string> { ["username"] = "", ["password"] = "" } }, default);

        http.Calls.ShouldAllBe(c => c.Headers.Count == 0);
    }

    [Theory]
    [InlineData("password", "prometheus credentials does not contain a username")]
    [InlineData("username", "prometheus credentials does not contain a password")]
    [InlineData("address", "prometheus credentials does not contain a username")]
    public async Task QueryAsync_CredentialsIncomplete_NamesTheKey(string key, string expected)
    {
        var credentials = new Dictionary<string, string> { [key] = "s3cret" };

        var sample = await Provider(FakeHttpCaller.Answers(One)).QueryAsync(new("http://p", "up") { Credentials = credentials }, default);

        sample.ShouldBeOfType<MetricSample.Error>().Text.ShouldBe(expected + "; the secret must have the key token, or the keys username and password");
    }

    [Fact]
    public async Task QueryAsync_ValueWithWarnings_IsUsedAndLogged()
    {
        var body = """{"data":{"result":[{"value":[1,"3"]}]},"warnings":["store x is down"]}""";

        var sample = await Provider(FakeHttpCaller.Answers(body)).QueryAsync(new("http://u:secret@p", "up"), default);

        Text(sample).ShouldBe("value 3");
        _log.Lines.ShouldBe(["Warning: prometheus http://p answered with warnings, the value may be partial: store x is down"]);
    }

    [Theory]
    [InlineData("""{"data":{"result":[{"value":[1,"1"]}]}}""", null)]
    [InlineData("""{"data":{"result":[{"value":[1,"2"]}]}}""", "value is not 1 for query: vector(1)")]
    [InlineData("""{"data":{"result":[]}}""", "running query failed: no values found")]
    [InlineData("""{"status":"error","errorType":"timeout","error":"slow"}""", "running query failed: error response: timeout: slow")]
    public async Task ProbeAsync_AsksForOne(string body, string? expected)
    {
        var http = FakeHttpCaller.Answers(body);

        (await Provider(http).ProbeAsync(new("http://p", ""), default)).ShouldBe(expected);

        http.Calls[0].Url.Query.ShouldBe("?query=vector%281%29");
    }

    [Fact]
    public async Task QueryAsync_Cancelled_Throws()
        => await Should.ThrowAsync<OperationCanceledException>(
            () => Provider(FakeHttpCaller.Answers(One)).QueryAsync(new("http://p", "up"), new CancellationToken(canceled: true)));

    private PrometheusMetricProvider Provider(FakeHttpCaller http) => new(http, _log);

    private static string Text(MetricSample sample) => sample switch
    {
        MetricSample.Value value => $"value {value.Number.ToString(CultureInfo.InvariantCulture)}",
        MetricSample.NoData none => $"none {none.Text}",
        MetricSample.Error error => $"error {error.Text}",
        _ => throw new InvalidOperationException($"unknown sample {sample}"),
    };
}
