using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>An authority that issues certificates for tests.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly DateTimeOffset Until = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly X509Certificate2 own;

    public Authority(string name)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest wanted = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        own = wanted.CreateSelfSigned(DateTimeOffset.UnixEpoch, Until);
    }

    /// <summary>A certificate with its key, for a client and for a server.</summary>
    /// <param name="name">Name of the machine.</param>
    /// <param name="address">Its address too; null for none.</param>
    public X509Certificate2 Issued(string name, string? address = null)
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest wanted = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        if (address is not null) names.AddIpAddress(System.Net.IPAddress.Parse(address));
        wanted.CertificateExtensions.Add(names.Build());
        wanted.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        wanted.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 issued = wanted.Create(own, DateTimeOffset.UnixEpoch, Until, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    /// <summary>Writes what libvirt looks for in a folder: the authority's certificate, and one with its key.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="role">server or client.</param>
    /// <param name="certificate">The certificate.</param>
    public void Write(string folder, string role, X509Certificate2 certificate)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "cacert.pem"), own.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{role}cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{role}key.pem"), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => own.Dispose();
}
