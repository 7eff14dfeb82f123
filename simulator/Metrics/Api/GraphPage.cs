using Microsoft.AspNetCore.Http;

namespace CanaryFunctions.Simulator.Metrics.Api;

/// <summary>A page with a query box, for trying queries by hand.</summary>
internal static class GraphPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>Metrics</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
        textarea { box-sizing: border-box; font: 14px/1.4 monospace; width: 100% }
        td { border-top: 1px solid #8884; font: 13px/1.5 monospace; padding: .2rem .8rem .2rem 0; vertical-align: top }
        #error { color: #b00020; font-family: monospace; white-space: pre-wrap }
        </style></head>
        <body>
        <h1>Metrics</h1>
        <form>
        <label for="query">PromQL (Ctrl+Enter runs it)</label>
        <textarea id="query" rows="5" autofocus></textarea>
        <button>Run</button>
        </form>
        <p id="error" role="alert"></p>
        <table><tbody id="result"></tbody></table>
        <script>
        const box = document.getElementById('query');
        const form = document.querySelector('form');
        const name = m => { const { __name__ = '', ...rest } = m;
          return __name__ + '{' + Object.entries(rest).map(([k, v]) => k + '=' + JSON.stringify(v)).join(', ') + '}'; };
        const rows = d => d.resultType === 'vector' ? d.result.map(s => [name(s.metric), s.value[1]])
          : d.resultType === 'matrix' ? d.result.map(s => [name(s.metric), s.values.map(v => v[1] + ' @' + v[0]).join('\n')])
          : [[d.resultType, d.result[1]]];
        async function run() {
          const result = document.getElementById('result'), error = document.getElementById('error');
          history.replaceState(null, '', '?query=' + encodeURIComponent(box.value));
          const reply = await (await fetch('/api/v1/query?query=' + encodeURIComponent(box.value))).json();
          error.textContent = reply.error ?? (rows(reply.data).length ? '' : 'Empty result.');
          result.replaceChildren(...(reply.data ? rows(reply.data) : []).map(cells => {
            const row = document.createElement('tr');
            row.append(...cells.map(text => { const cell = document.createElement('td'); cell.style.whiteSpace = 'pre-wrap'; cell.textContent = text; return cell; }));
            return row; }));
        }
        form.onsubmit = event => { event.preventDefault(); run(); };
        box.onkeydown = event => { if (event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); run(); } };
        box.value = new URLSearchParams(location.search).get('query') ?? 'up';
        run();
        </script>
        </body></html>
        """;

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Html, context.RequestAborted);
    }
}
