using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

/// <summary>Daemons over TLS: trusted, they are read and migrated to; a certificate of another authority is not spoken to.</summary>
public sealed class TlsTests(LibvirtLab lab)
{
    private static readonly string[] Pair = ["h1", "h2"];

    [Fact]
    public void Hosts_over_tls_are_read_and_a_guest_moves_between_them()
    {
        lab.Reset();
        lab.Guests(1, "h1");
        double uptime = lab.Uptime("vm01");
        using LabFolder folder = new(lab);
        using Authority ours = new("ours");
        using Authority others = new("others");
        using X509Certificate2 client = ours.Issued("client");
        ours.Write(folder["keys"], "client", client);
        others.Write(folder["strange"], "client", client);
        File.WriteAllText(folder["tls.yaml"], Hosts(folder["keys"]));
        File.WriteAllText(folder["strange.yaml"], Hosts(folder["strange"]));
        foreach (string host in Pair) Listen(host, ours, client);
        try
        {
            Assert.Contains("h2", Virtopt("snapshot", "--inventory", folder["tls.yaml"], "--sample", "0.2").Output, StringComparison.Ordinal);
            (int code, string refused) = Virtopt("snapshot", "--inventory", folder["strange.yaml"], "--sample", "0.2");
            Assert.Equal(2, code);
            Assert.Contains("certificate", refused, StringComparison.OrdinalIgnoreCase);
            string plan = PlanFiles.Move(folder["plan.json"], "vm01", "h1", "h2");
            (code, string moved) = Virtopt("apply", plan, "--inventory", folder["tls.yaml"], "--yes");
            Assert.True(code == 0, moved);
            Assert.Equal("h2", lab.HostOf("vm01"));
            Assert.True(lab.Uptime("vm01") > uptime, "the guest was rebooted");
        }
        finally
        {
            foreach (string host in Pair) Silence(host);
        }
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        lab.Need();
        DirectoryInfo keys = Directory.CreateTempSubdirectory("virtopt-tls-");
        try
        {
            using Authority ours = new("ours");
            using Authority others = new("others");
            using X509Certificate2 client = ours.Issued("client");
            ours.Write(keys.FullName, "client", client);
            using X509Certificate2 server = others.Issued("localhost");
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            Task<int> heard = Task.Run(() => Heard(listener, server));
            string address = $"qemu+tls://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/system?pkipath={keys.FullName}";
            HostInventory inventory = new() { Hosts = [new InventoryHost("h9", address)] };
            using LibvirtHypervisor hypervisor = new(inventory, TimeProvider.System);
            HostSighting sighting = Assert.Single(hypervisor.Look(["h9"]));
            listener.Stop();
            Assert.Contains("Failed to verify peer's certificate", sighting.Fault, StringComparison.Ordinal);
            Assert.Equal(0, await heard);
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    /// <summary>Bytes that come after a handshake: the client's first call.</summary>
    private static int Heard(TcpListener listener, X509Certificate2 certificate)
    {
        try
        {
            using TcpClient client = listener.AcceptTcpClient();
            using SslStream tls = new(client.GetStream());
            tls.AuthenticateAsServer(certificate);
            tls.Write([1]); // libvirt's word for a client that is let in
            return tls.Read(new byte[4096]);
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>The two hosts over TLS: by address from here, by name from each other.</summary>
    private static string Hosts(string keys) => "hosts:\n" + string.Concat(Pair.Select(h =>
        $"""
          - name: {h}
            uri: qemu+tls://10.77.0.{h[1..]}/system?pkipath={keys}
            peerUri: qemu+tls://{h}.lab/system?pkipath=/etc/libvirt/pki
            migrationUri: tcp://10.77.0.{h[1..]}

        """));

    /// <summary>The program itself, in the network of a host: nothing else reaches the lab's addresses.</summary>
    private (int Code, string Output) Virtopt(params string[] words) =>
        lab.Try(["within", "h1", "dotnet", Path.Combine(AppContext.BaseDirectory, "virtopt.dll"), .. words]);

    private string Configuration(string host) => Path.Combine(lab.Folder, host, "etc", "libvirtd.conf");

    private void Listen(string host, Authority authority, X509Certificate2 client)
    {
        string folder = Path.Combine(lab.Folder, host, "etc", "pki");
        using X509Certificate2 server = authority.Issued($"{host}.lab", $"10.77.0.{host[1..]}");
        authority.Write(folder, "server", server);
        authority.Write(folder, "client", client);
        File.Copy(Configuration(host), Configuration(host) + ".plain", overwrite: true);
        string plain = File.ReadAllText(Configuration(host)).Replace("listen_tls = 0", "listen_tls = 1", StringComparison.Ordinal);
        (string Key, string File)[] files = [("ca_file", "cacert"), ("cert_file", "servercert"), ("key_file", "serverkey")];
        File.WriteAllText(Configuration(host), plain + string.Concat(files.Select(f => $"{f.Key} = \"/etc/libvirt/pki/{f.File}.pem\"\n")));
        Restart(host);
    }

    private void Silence(string host)
    {
        File.Move(Configuration(host) + ".plain", Configuration(host), overwrite: true);
        Restart(host);
    }

    private void Restart(string host)
    {
        lab.Do("daemon", host, "kill");
        lab.Do("daemon", host, "start");
    }
}
