using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace VirtOpt;

/// <summary>
/// Brings history from a Prometheus server into a store (Prometheus documentation, HTTP API, range queries: <c>/api/v1/query_range</c>). TLS is always
/// verified.
/// </summary>
public sealed class PrometheusImport : IDisposable
{
    private const int StepsPerPage = 1000; // the server refuses above 11,000 points of a series
    private readonly PrometheusSource source;
    private readonly HttpClient http;

    /// <summary>Makes an import.</summary>
    /// <param name="source">The server and what to ask it.</param>
    /// <param name="token">Bearer token; null for none. It is sent over TLS or within this machine only.</param>
    /// <exception cref="InvalidInputException">The token would go over the network in the clear, or the certificates cannot be read.</exception>
    public PrometheusImport(PrometheusSource source, string? token)
    {
        if (token is not null && source.Url.Scheme != "https" && !source.Url.IsLoopback)
            throw InvalidInputException.Because($"The token would go to ({source.Url}) in the clear.", "the address begins with https.");
        this.source = source;
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) };
        if (source.CaFile.Length > 0) handler.SslOptions.CertificateChainPolicy = Trust(source.CaFile);
        http = new HttpClient(handler) { BaseAddress = source.Url, Timeout = TimeSpan.FromMinutes(2) };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Reads a stretch of time, page by page, and sums it up. Doing it again changes nothing.</summary>
    /// <param name="store">Takes the samples.</param>
    /// <param name="from">Begin.</param>
    /// <param name="to">End, after the begin.</param>
    /// <param name="told">Told the end of each page; null for nobody.</param>
    /// <param name="stop">Ends it after a page.</param>
    /// <returns>How many values were stored.</returns>
    /// <exception cref="InvalidInputException">The server cannot be reached, is not who it should be, or refuses.</exception>
    public long Run(UsageStore store, DateTimeOffset from, DateTimeOffset to, Action<DateTimeOffset>? told, CancellationToken stop)
    {
        if (to <= from) throw InvalidInputException.Because($"The end ({to:O}) is not after the begin ({from:O}).", "the two were swapped.");
        long step = source.StepSeconds;
        long first = (from.ToUnixTimeSeconds() + step - 1) / step * step;
        long last = to.ToUnixTimeSeconds();
        long values = 0;
        for (long start = first; start <= last; start += StepsPerPage * step)
        {
            stop.ThrowIfCancellationRequested();
            long end = Math.Min(last, start + ((StepsPerPage - 1) * step));
            foreach ((UsageMetric metric, string query) in source.Queries) values += Page(store, metric, query, start, end, stop);
            store.SumUp(DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end));
            told?.Invoke(DateTimeOffset.FromUnixTimeSeconds(end));
        }

        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private long Page(UsageStore store, UsageMetric metric, string query, long start, long end, CancellationToken stop)
    {
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["query"] = query,
            ["start"] = start.ToString(CultureInfo.InvariantCulture),
            ["end"] = end.ToString(CultureInfo.InvariantCulture),
            ["step"] = source.StepSeconds.ToString(CultureInfo.InvariantCulture),
        });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(source.Url.AbsoluteUri.TrimEnd('/') + "/api/v1/query_range")) { Content = form };
        try
        {
            using HttpResponseMessage answer = http.Send(request, HttpCompletionOption.ResponseHeadersRead, stop);
            using JsonTextReader reader = new(new StreamReader(answer.Content.ReadAsStream(stop))) { DateParseHandling = DateParseHandling.None };
            if (!answer.IsSuccessStatusCode) throw Refused(query, $"{(int)answer.StatusCode} {answer.ReasonPhrase}: {ErrorOf(reader)}");
            return Store(store, metric, query, reader);
        }
        catch (HttpRequestException e)
        {
            throw new InvalidInputException(
                $"{source.Url}: the server cannot be reached: {e.Message} {e.InnerException?.Message}\n"
                + "Maybe the address is mistyped, or its certificate is not trusted: see caFile.",
                e);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new InvalidInputException(
                $"{source.Url}: the server did not answer within {http.Timeout.TotalSeconds:0} s.\nMaybe the expression ({query}) is too much for it.", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidCastException or IOException)
        {
            throw new InvalidInputException($"{source.Url}: the answer to ({query}) is not one of Prometheus: {e.Message}\nMaybe a proxy answers.", e);
        }
    }

    /// <summary>Reads <c>data.result</c> series by series, so that a page of a large cluster takes little memory.</summary>
    private long Store(UsageStore store, UsageMetric metric, string query, JsonTextReader reader)
    {
        long count = 0;
        bool isMatrix = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonToken.PropertyName) continue;
            if (reader.Path == "data.resultType") isMatrix = reader.ReadAsString() == "matrix";
            if (reader.Path != "data.result") continue;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonToken.StartObject) count += Add(store, metric, query, JObject.Load(reader));
        }

        return isMatrix ? count : throw Refused(query, "the result is no matrix");
    }

    private long Add(UsageStore store, UsageMetric metric, string query, JObject series)
    {
        string vm = (string?)series["metric"]?[source.Label] ?? throw Refused(query, $"a series has no label ({source.Label})");
        List<UsageSample> samples = [];
        foreach (JToken point in series["values"] ?? new JArray())
        {
            // NaN and infinities say that nothing is known.
            if (!double.TryParse((string)point[1]!, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                || !(value is >= 0 and < 1e15)) continue;
            samples.Add(new UsageSample("", vm, DateTimeOffset.FromUnixTimeSeconds((long)(double)point[0]!)) { [metric] = (long)Math.Round(value) });
        }

        store.Add(samples);
        return samples.Count;
    }

    private static string ErrorOf(JsonTextReader reader)
    {
        try
        {
            return (string?)JObject.Load(reader)["error"] ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private InvalidInputException Refused(string query, string why) => InvalidInputException.Because(
        $"{source.Url}: the server refuses ({query}): {why}.", "the expression is mistyped, the label is another one, or a token is missing.");

    private static X509ChainPolicy Trust(string file)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            return policy;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidInputException($"{file}: the certificates cannot be read: {e.Message}\nMaybe the file is not PEM.", e);
        }
    }
}
