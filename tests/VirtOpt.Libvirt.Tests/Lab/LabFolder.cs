namespace VirtOpt.Libvirt.Tests.Lab;

/// <summary>A folder for a test, with an inventory of the lab.</summary>
internal sealed class LabFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("virtopt-libvirt-");

    /// <summary>Makes the folder.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="more">YAML below the hosts.</param>
    /// <param name="host">YAML of a host by its name, after its URIs.</param>
    public LabFolder(LibvirtLab lab, string more = "", Func<string, string>? host = null)
    {
        string hosts = string.Join('\n', LibvirtLab.HostNames.Select(h =>
            $"""
              - name: {h}
                uri: qemu+unix:///system?socket={lab.Folder}/{h}/run/libvirt-sock
                peerUri: qemu+tcp://10.77.0.{h[1..]}/system
                migrationUri: tcp://10.77.0.{h[1..]}
                {host?.Invoke(h) ?? ""}
            """));
        File.WriteAllText(Inventory, $"name: lab\nhosts:\n{hosts}\n{more}\n");
    }

    public string Inventory => this["hosts.yaml"];

    public string this[string file] => Path.Combine(folder.FullName, file);

    public HostInventory Read() => InventoryYaml.Read(Inventory);

    public void Dispose() => folder.Delete(recursive: true);
}
