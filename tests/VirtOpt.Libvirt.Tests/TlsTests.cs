using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VirtOpt.Libvirt.Tests.Lab;

namespace VirtOpt.Libvirt.Tests;

/// <summary>A daemon over TLS is not spoken to if its certificate comes from another authority than the one that is trusted.</summary>
public sealed class TlsTests(LibvirtLab lab)
{
    private static readonly DateTimeOffset Until = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        lab.Need();
        DirectoryInfo keys = Directory.CreateTempSubdirectory("virtopt-tls-");
        try
        {
            using X509Certificate2 ours = Authority("ours");
            using X509Certificate2 others = Authority("others");
            Write(keys, "cacert.pem", ours.ExportCertificatePem());
            using X509Certificate2 client = Issued(ours, "client");
            Write(keys, "clientcert.pem", client.ExportCertificatePem());
            Write(keys, "clientkey.pem", client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
            using X509Certificate2 server = Issued(others, "localhost");
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

    private static void Write(DirectoryInfo folder, string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

    private static X509Certificate2 Authority(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest wanted = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return wanted.CreateSelfSigned(DateTimeOffset.UnixEpoch, Until);
    }

    private static X509Certificate2 Issued(X509Certificate2 authority, string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest wanted = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        wanted.CertificateExtensions.Add(names.Build());
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        wanted.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 issued = wanted.Create(authority, DateTimeOffset.UnixEpoch, Until, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
