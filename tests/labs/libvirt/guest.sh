# Sourced by libvirt-lab: guests.

xml() { # NAME
    local n=$1 kind=qemu cpu disk= nic= agent= i mac
    mac=$(printf '%s' "$n" | md5sum | sed 's/^\(..\)\(..\)\(..\).*/52:54:00:\1:\2:\3/')
    i=$(printf '%s' "$n" | md5sum | cut -c1-4); i=$((16#$i))
    if [ "$(cat "$lab/accel")" = kvm ]; then kind=kvm; cpu="<cpu mode='host-passthrough' migratable='on'/>"; else cpu="<cpu mode='custom' match='exact' check='none'><model>qemu64</model></cpu>"; fi
    [ -z "${GUEST_CPU:-}" ] || cpu=$GUEST_CPU
    case ${GUEST_DISK:-none} in
        shared|local) disk="<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='$lab/$GUEST_DISK/$n.qcow2'/><target dev='vda' bus='virtio'/></disk>" ;;
    esac
    [ "${GUEST_AGENT:-0}" = 0 ] || agent="<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
    [ -e /dev/net/tun ] && nic="<interface type='bridge'><mac address='$mac'/><source bridge='br0'/><model type='virtio'/></interface>"
    cat <<IN
<domain type='$kind'>
  <name>$n</name>
  <memory unit='MiB'>${GUEST_MEM:-128}</memory>
  <vcpu placement='static' current='${GUEST_VCPUS:-1}'>${GUEST_MAXVCPUS:-4}</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><kernel>$cache/vmlinuz</kernel><initrd>$initrd</initrd>
    <cmdline>console=ttyS0 quiet tsc=reliable no_timer_check mitigations=off name=$n load=${GUEST_LOAD:-0} dirty=${GUEST_DIRTY:-0} ws=${GUEST_WS:-32} ip4=10.77.$((1 + i / 256 % 250)).$((i % 250 + 1))</cmdline></os>
  <features><acpi/>$([ $kind = kvm ] || echo "<tcg><tb-cache unit='MiB'>32</tb-cache></tcg>")</features>
  $cpu
  <on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
  <devices>
    <emulator>$qemu</emulator>
    $disk
    <controller type='usb' model='none'/>
    $nic
    <serial type='pty'><log file='$lab/shared/console/$n.log' append='on'/><target port='0'/></serial>
    $agent
    <memballoon model='virtio'><stats period='2'/></memballoon>
  </devices>
</domain>
IN
}

guests() {
    local n=${1:-1} h=${2:-} i k=0 name all; mapfile -t all < <(hosts)
    [ -z "$h" ] || { need "$h"; all=("$h"); }
    [ ${#all[@]} -gt 0 ] || die "not up"
    for ((i = 1; k < n; i++)); do
        name=$(printf 'vm%02d' $i); [ -e "$lab/shared/$name.xml" ] && continue
        h=${all[$((k % ${#all[@]}))]}
        case ${GUEST_DISK:-none} in
            shared) qemu-img create -q -f qcow2 "$lab/shared/$name.qcow2" 64M ;;
            local) qemu-img create -q -f qcow2 "$lab/$h/local/$name.qcow2" 64M ;;
        esac
        xml "$name" >"$lab/shared/$name.xml"
        vs "$h" define "$lab/shared/$name.xml" >/dev/null; vs "$h" start "$name" ${GUEST_PAUSED:+--paused} >/dev/null
        say "$name on $h"; k=$((k + 1))
    done
}

where() { local h; for h in $(hosts); do timeout 5 virsh -q -c "$(uri "$h")" domstate "$1" 2>/dev/null | grep -qE 'running|paused' && { echo "$h"; return; }; done; die "no host has $1"; }
