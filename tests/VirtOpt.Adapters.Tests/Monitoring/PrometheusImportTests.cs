using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Web;

namespace VirtOpt.Adapters.Tests;

/// <summary>Imports from a real HTTP server that speaks Prometheus' documented form of range queries.</summary>
public sealed class PrometheusImportTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-prometheus-");

    [Fact]
    public void History_comes_page_by_page_and_is_summed_up()
    {
        List<(string Query, long From, long To)> asked = [];
        using Server server = new((request, body) =>
        {
            Assert.Equal(("/api/v1/query_range", "Bearer secret"), (request.Url!.AbsolutePath, request.Headers["Authorization"]));
            System.Collections.Specialized.NameValueCollection form = HttpUtility.ParseQueryString(body);
            (long from, long to) = (long.Parse(form["start"]!, CultureInfo.InvariantCulture), long.Parse(form["end"]!, CultureInfo.InvariantCulture));
            asked.Add((form["query"]!, from, to));
            Assert.Equal("60", form["step"]);
            Assert.InRange((to - from) / 60, 0, 10_999);
            return (200, form["query"] == "cpu" ? Matrix(from, to, s => s / 60 % 100) : Matrix(from, to, _ => 512));
        });
        using UsageStore store = UsageStore.Open(Path.Combine(folder.FullName, "usage.db"));
        long values = Import(server, "secret").Run(store, Start, Start.AddDays(2), null, TestContext.Current.CancellationToken);
        Assert.Equal(2 * 2 * 2881, values);
        Assert.True(asked.Count > 4);
        Assert.Equal([.. Enumerable.Range(0, 2881).Select(i => i * 60L)], Times(asked.Where(a => a.Query == "cpu")));
        UsageTable minutes = store.Reader().Read(new UsageQuery(UsageMetric.Cpu, Start, Start.AddDays(2), TimeSpan.FromMinutes(1)));
        Assert.Equal(["vm01", "vm02"], minutes.Names);
        Assert.Equal([.. Enumerable.Range(0, 2880).Select(i => (Start.ToUnixTimeSeconds() / 60 + i) % 100.0)], minutes.Values[0]);
        UsageTable hours = store.Reader().Read(new UsageQuery(UsageMetric.Used, Start, Start.AddDays(2), TimeSpan.FromHours(1)));
        Assert.All(hours.Values, row => Assert.All(row, v => Assert.Equal(512, v)));
        Assert.Equal(48, hours.Values[1].Length);
    }

    [Fact]
    public void What_is_not_a_number_is_a_gap()
    {
        using Server server = new((_, _) => (200, """
            {"status":"success","data":{"resultType":"matrix","result":[{"metric":{"domain":"a"},
            "values":[[1772323200,"1.6"],[1772323260.5,"NaN"],[1772323320,"+Inf"],[1772323380,"4e2"]]}]}}
            """));
        using UsageStore store = UsageStore.Open(Path.Combine(folder.FullName, "usage.db"));
        Import(server).Run(store, Start, Start.AddMinutes(3), null, TestContext.Current.CancellationToken);
        UsageTable table = store.Reader().Read(new UsageQuery(UsageMetric.Cpu, Start, Start.AddMinutes(4), TimeSpan.FromMinutes(1)));
        Assert.Equal([2, double.NaN, double.NaN, 400], table.Values[0]);
    }

    [Theory]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}""", "400 Bad Request: parse error: unexpected end")]
    [InlineData(401, "no entry", "401 Unauthorized")]
    [InlineData(200, "<html>log in</html>", "is not one of Prometheus")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[]}}""", "the result is no matrix")]
    [InlineData(200, """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"instance":"x"},"values":[]}]}}""", "has no label (domain)")]
    [InlineData(302, "", "302")]
    public void A_server_that_refuses_is_quoted(int code, string body, string message)
    {
        using Server server = new((_, _) => (code, body));
        using UsageStore store = UsageStore.Open(Path.Combine(folder.FullName, "usage.db"));
        InvalidInputException error = Assert.Throws<InvalidInputException>(() =>
            Import(server).Run(store, Start, Start.AddHours(1), null, TestContext.Current.CancellationToken));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Only_a_server_whose_certificate_is_trusted_is_spoken_to(bool isTrusted)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest wanted = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        wanted.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = wanted.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string ca = Path.Combine(folder.FullName, "ca.pem");
        File.WriteAllText(ca, certificate.ExportCertificatePem());
        using TlsServer server = new(certificate);
        PrometheusSource source = Source(new Uri($"https://localhost:{server.Port}")) with { CaFile = isTrusted ? ca : "" };
        using UsageStore store = UsageStore.Open(Path.Combine(folder.FullName, "usage.db"));
        using PrometheusImport import = new(source, "secret");
        if (isTrusted) Assert.Equal(0, import.Run(store, Start, Start.AddHours(1), null, TestContext.Current.CancellationToken));
        else Assert.Contains("certificate", Assert.Throws<InvalidInputException>(() =>
            import.Run(store, Start, Start.AddHours(1), null, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Equal(isTrusted, server.Heard.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_does_not_go_over_a_network_in_the_clear() => Assert.Contains(
        "in the clear", Assert.Throws<InvalidInputException>(() =>
            new PrometheusImport(Source(new Uri("http://prometheus.example.net")), "secret")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("url: ftp://x/\nqueries: {cpu: a}", "expected an address")]
    [InlineData("url: https://me:pw@x/\nqueries: {cpu: a}", "holds a name or password")]
    [InlineData("url: https://x/\nqueries: {cpus: a}", "There is no metric (cpus)")]
    [InlineData("url: https://x/\nqueries: {}", "has no query")]
    [InlineData("url: https://x/\nquery: {}", "(queries) was meant")]
    public void A_source_that_makes_no_sense_is_refused(string yaml, string message)
    {
        string file = Path.Combine(folder.FullName, "server.yaml");
        File.WriteAllText(file, yaml);
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => PrometheusSource.Read(file)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static PrometheusSource Source(Uri url) => new()
    {
        Url = url,
        StepSeconds = 60,
        Queries = new Dictionary<UsageMetric, string> { [UsageMetric.Cpu] = "cpu" },
    };

    private static PrometheusImport Import(Server server, string? token = null)
    {
        Dictionary<UsageMetric, string> queries = new() { [UsageMetric.Cpu] = "cpu" };
        if (token is not null) queries[UsageMetric.Used] = "used";
        return new PrometheusImport(Source(server.Url) with { Queries = queries }, token);
    }

    private static long[] Times(IEnumerable<(string Query, long From, long To)> pages) =>
        [.. pages.SelectMany(p => Enumerable.Range(0, (int)((p.To - p.From) / 60) + 1).Select(i => p.From + (i * 60L) - Start.ToUnixTimeSeconds()))];

    private static string Matrix(long from, long to, Func<long, double> value)
    {
        StringBuilder text = new("""{"status":"success","data":{"resultType":"matrix","result":[""");
        foreach (string vm in (string[])["vm01", "vm02"])
        {
            text.Append(CultureInfo.InvariantCulture, $$"""{{(vm == "vm01" ? "" : ",")}}{"metric":{"domain":"{{vm}}","job":"libvirt"},"values":[""");
            for (long at = from; at <= to; at += 60) text.Append(CultureInfo.InvariantCulture, $"{(at > from ? "," : "")}[{at},\"{value(at)}\"]");
            text.Append("]}");
        }

        return text.Append("]}}").ToString();
    }

    /// <summary>A server of this machine that answers each request by a script.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Task loop;

        public Server(Func<HttpListenerRequest, string, (int Code, string Body)> answer)
        {
            using (TcpListener free = new(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
            }

            listener.Prefixes.Add(Url.AbsoluteUri);
            listener.Start();
            loop = Task.Run(() => Serve(answer));
        }

        public Uri Url { get; }

        public void Dispose()
        {
            listener.Stop();
            loop.Wait();
            listener.Close();
        }

        private void Serve(Func<HttpListenerRequest, string, (int Code, string Body)> answer)
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = listener.GetContext();
                    using StreamReader reader = new(context.Request.InputStream);
                    (int code, string body) = answer(context.Request, reader.ReadToEnd());
                    context.Response.StatusCode = code;
                    context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // stopped
            }
        }
    }

    /// <summary>A server with a certificate that answers one request with an empty result and keeps what it heard.</summary>
    private sealed class TlsServer : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task loop;
        private string heard = "";

        public TlsServer(X509Certificate2 certificate)
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            loop = Task.Run(() => Serve(certificate));
        }

        public int Port { get; }

        public string Heard
        {
            get
            {
                listener.Stop();
                loop.Wait();
                return heard;
            }
        }

        public void Dispose() => listener.Dispose();

        private void Serve(X509Certificate2 certificate)
        {
            while (true)
            {
                try
                {
                    using TcpClient client = listener.AcceptTcpClient();
                    using SslStream tls = new(client.GetStream());
                    tls.AuthenticateAsServer(certificate);
                    byte[] buffer = new byte[1 << 16];
                    while (!heard.Contains("query=", StringComparison.Ordinal) && tls.Read(buffer) is var read and > 0) heard += Encoding.UTF8.GetString(
                        buffer, 0, read);
                    const string Body = """{"status":"success","data":{"resultType":"matrix","result":[]}}""";
                    tls.Write(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // the client hung up
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
