using CanaryFunctions.Simulator.Metrics;
using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class PromQlParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("8 / 4 / 2", 1)]
    [InlineData("2 ^ 3 ^ 2", 512)]
    [InlineData("-2 ^ 2", -4)]
    [InlineData("2 ^ -1", 0.5)]
    [InlineData("2 * -3 + 1", -5)]
    [InlineData("-7 % 3", -1)]
    [InlineData("1 + 1 == bool 2", 1)]
    [InlineData("1 < bool 2 == bool 1", 1)]
    [InlineData("5 - 3 > bool 1 + 2", 0)]
    [InlineData("0x1F", 31)]
    [InlineData("1.5e3", 1500)]
    [InlineData(".5", 0.5)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    [InlineData("1 # a comment\n + 1", 2)]
    public void Arithmetic_OfNumbers_FollowsPrecedence(string query, double expected) =>
        new TestSeries().Value(query).ShouldBe(expected);

    [Theory]
    [InlineData("a or b and c", "or")]
    [InlineData("a and b or c", "or")]
    [InlineData("a unless b and c", "and")]
    [InlineData("a == b and c", "and")]
    [InlineData("a + b == c", "==")]
    [InlineData("a * b + c", "+")]
    [InlineData("a ^ b * c", "*")]
    [InlineData("a + on(x) b * c", "+")]
    public void BinaryExpression_OfThreeVectors_HasTheLooserOperatorOnTop(string query, string top) =>
        Parser.Parse(query).ShouldBeOfType<BinaryExpr>().Operator.ShouldBe(top);

    [Theory]
    [InlineData("sum by (a, b) (x)")]
    [InlineData("sum(x) by (a, b)")]
    [InlineData("SUM(x) BY (a, b,)")]
    public void Grouping_BeforeOrAfter_IsTheSame(string query)
    {
        var sum = Parser.Parse(query).ShouldBeOfType<AggregateExpr>();
        sum.Operator.ShouldBe("sum");
        sum.Without.ShouldBeFalse();
        sum.Grouping.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Matching_WithGroupLeft_KeepsAllItsLabels()
    {
        var matching = Parser.Parse("a / ignoring(x, y) group_left(z) b").ShouldBeOfType<BinaryExpr>().Matching;
        matching.On.ShouldBeFalse();
        matching.Labels.ShouldBe(["x", "y"]);
        matching.Cardinality.ShouldBe(Cardinality.ManyToOne);
        matching.Include.ShouldBe(["z"]);
    }

    [Theory]
    [InlineData("x[5m]", 300_000, 0)]
    [InlineData("x[1h30m] offset 1m", 5_400_000, 60_000)]
    [InlineData("x[250ms] offset -1s500ms", 250, -1500)]
    [InlineData("x[1d]", 86_400_000, 0)]
    public void Range_WithOffset_IsReadInMilliseconds(string query, long rangeMs, long offsetMs)
    {
        var matrix = Parser.Parse(query).ShouldBeOfType<MatrixSelector>();
        matrix.RangeMs.ShouldBe(rangeMs);
        matrix.Vector.Shift.OffsetMs.ShouldBe(offsetMs);
    }

    [Fact]
    public void Selector_WithTrailingComma_HasItsMatchers() =>
        Parser.Parse("x{a=\"1\",b!=\"2\",c=~\"3\",d!~\"4\",}").ShouldBeOfType<VectorSelector>()
            .Matchers.Select(m => (m.Name, m.Operator, m.Value)).ShouldBe([
                ("a", MatchOperator.Equal, "1"),
                ("b", MatchOperator.NotEqual, "2"),
                ("c", MatchOperator.Regex, "3"),
                ("d", MatchOperator.NotRegex, "4"),
                ("__name__", MatchOperator.Equal, "x")]);

    [Theory]
    [InlineData(""" "a\tb\"\x41\u00e9\101" """, "a\tb\"AéA")]
    [InlineData(@"'it\'s'", "it's")]
    [InlineData(@"`raw \n`", @"raw \n")]
    public void String_WithEscapes_IsUnquotedAsInGo(string query, string expected) =>
        ((StringValue)new TestSeries().Query(query)).Value.ShouldBe(expected);

    [Theory]
    [InlineData("sum{a=\"b\"}", "sum")]
    [InlineData("time", "time")]
    [InlineData("job:x:rate5m", "job:x:rate5m")]
    public void MetricName_ThatIsAWordOfTheLanguage_IsASelector(string query, string name) =>
        Parser.Parse(query).ShouldBeOfType<VectorSelector>().Name.ShouldBe(name);

    // All messages and positions as Prometheus 2.42 gives them.
    [Theory]
    [InlineData("", "1:1: parse error: no expression found in input")]
    [InlineData("up{pod=\"x\" status!=\"b\"}", "1:12: parse error: unexpected identifier \"status\" in label matching, expected \",\" or \"}\"")]
    [InlineData("up{pod}", "1:7: parse error: unexpected \"}\" in label matching, expected label matching operator")]
    [InlineData("up{pod=}", "1:8: parse error: unexpected \"}\" in label matching, expected string")]
    [InlineData("up{=}", "1:4: parse error: unexpected \"=\" in label matching, expected identifier or \"}\"")]
    [InlineData("up{pod=\"x\"", "1:11: parse error: unexpected end of input inside braces")]
    [InlineData("up{pod=\"x", "1:8: parse error: unterminated quoted string")]
    [InlineData("up{1}", "1:4: parse error: unexpected character inside braces: '1'")]
    [InlineData("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("{a=~\".*\"}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("up{__name__=\"foo\"}", "1:1: parse error: metric name must not be set twice: \"up\" or \"foo\"")]
    [InlineData("up up", "1:4: parse error: unexpected identifier \"up\"")]
    [InlineData("up)", "1:4: parse error: unexpected right parenthesis ')'")]
    [InlineData("(up", "1:4: parse error: unclosed left parenthesis")]
    [InlineData("up[5m", "1:6: parse error: unclosed left bracket")]
    [InlineData("up[]", "1:4: parse error: missing unit character in duration")]
    [InlineData("up[300]", "1:4: parse error: missing unit character in duration")]
    [InlineData("up[5x]", "1:4: parse error: bad duration syntax: \"5\"")]
    [InlineData("up[1s1m]", "1:4: parse error: not a valid duration string: \"1s1m\"")]
    [InlineData("up[0s]", "1:4: parse error: duration must be greater than 0")]
    [InlineData("sum(up)[5m]", "1:8: parse error: ranges only allowed for vector selectors")]
    [InlineData("(up) offset 5m", "1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery")]
    [InlineData("up offset", "1:10: parse error: unexpected end of input in offset, expected duration")]
    [InlineData("sum by up", "1:8: parse error: unexpected identifier \"up\" in grouping opts, expected \"(\"")]
    [InlineData("sum()", "1:1: parse error: no arguments for aggregate expression provided")]
    [InlineData("topk(up)", "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1")]
    [InlineData("sum(1)", "1:5: parse error: expected type instant vector in aggregation expression, got scalar")]
    [InlineData("foo(up)", "1:1: parse error: unknown function with name \"foo\"")]
    [InlineData("rate(up)", "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector")]
    [InlineData("rate(up[1m], 1)", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 2")]
    [InlineData("round()", "1:1: parse error: expected at least 1 argument(s) in call to \"round\", got 0")]
    [InlineData("sum(up,)", "1:7: parse error: trailing commas not allowed in function call args")]
    [InlineData("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier")]
    [InlineData("1 and 2", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("up + bool up", "1:4: parse error: bool modifier can only be used on comparison operators")]
    [InlineData("up + on(a) 1", "1:1: parse error: vector matching only allowed between instant vectors")]
    [InlineData("up and on(a) group_left(b) up", "1:1: parse error: no grouping allowed for \"and\" operation")]
    [InlineData("up and group_left up", "1:8: parse error: unexpected <group_left>")]
    [InlineData("up ==", "1:6: parse error: unexpected end of input")]
    [InlineData("-up[1m]", "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"range vector\"")]
    [InlineData("up $ 3", "1:4: parse error: unexpected character: '$'")]
    [InlineData("\"abc\\q\"", "1:1: parse error: unknown escape sequence U+0071 'q'")]
    [InlineData("up{a=~\"(?=b)\"}", "1:4: parse error: error parsing regexp: invalid or unsupported Perl syntax: `(?=`")]
    [InlineData("sum(\n  up{a=\"b\" c=\"d\"}\n)", "2:12: parse error: unexpected identifier \"c\" in label matching, expected \",\" or \"}\"")]
    public void Parse_OfABrokenQuery_SaysWhatPrometheusSays(string query, string message) =>
        Should.Throw<PromQlParseException>(() => Parser.Parse(query)).Message.ShouldBe(message);

    [Fact]
    public void Parse_OfAnExpressionThatWouldExhaustTheStack_IsAnError()
    {
        Should.Throw<PromQlParseException>(() => Parser.Parse(new string('(', 100_000) + "1" + new string(')', 100_000))).Message.ShouldContain("nests more than 200 levels deep");
        Should.Throw<PromQlParseException>(() => Parser.Parse(new string('-', 100_000) + "1")).Message.ShouldContain("nests more than 200 levels deep");
        Should.Throw<PromQlParseException>(() => Parser.Parse("1" + string.Concat(Enumerable.Repeat("+1", 100_000)))).Message.ShouldContain("more than 1000 operators in a row");
        new TestSeries().Value("1" + string.Concat(Enumerable.Repeat("+1", 999))).ShouldBe(1000);
    }
}
