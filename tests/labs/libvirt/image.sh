# Sourced by libvirt-lab: packages, the guest image, and what runs guests here.
needed=(libvirt-daemon libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 qemu-utils
    busybox-static iproute2 cpio gcc libc6-dev procps util-linux)

missing() { local p; for p in "${needed[@]}"; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"; done; }

packages() {
    local m log=$cache/install.log; mkdir -p "$cache"
    mapfile -t m < <(missing)
    [ ${#m[@]} = 0 ] && return
    say "installing ${m[*]}"
    # Debian starts a system-wide daemon on installation; the lab wants none
    apt-get update -qq
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends "${m[@]}" >"$log" 2>&1 ||
        { tail -5 "$log" >&2; die "installation failed"; }
}

kernel() { apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1; }

image() { # guest kernel and initramfs, once, and again when what is in them changes
    local c=$cache w m k
    [ -e "$initrd" ] && [ -e "$c/vmlinuz" ] && return
    mkdir -p "$c"; w=$(mktemp -d "$c/image.XXXX")
    say "making the guest image"
    k=$(kernel)
    [ -n "$k" ] || { apt-get update -qq; k=$(kernel); }
    [ -n "$k" ] || die "no linux-image-cloud-amd64 in the package lists"
    (cd "$w"; apt-get download -qq -o APT::Sandbox::User=root "$k" >/dev/null; dpkg -x ./*.deb x)
    mkdir -p "$w"/i/{bin,dev,proc,sys,tmp,mod,run}
    cp /bin/busybox "$w/i/bin/"
    for m in virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_balloon virtio_blk \
        failover net_failover virtio_net virtio_console button evdev; do
        find "$w/x/lib/modules" -name "$m.ko" -exec cp {} "$w/i/mod/" \;
    done
    install -m 755 "$here/guest/init" "$w/i/init"
    gcc -O1 -static -o "$w/i/bin/work" "$here"/guest/*.c
    (cd "$w/i"; find . | cpio -o -H newc 2>/dev/null | gzip -1) >"$initrd.new"
    cp "$w"/x/boot/vmlinuz-* "$c/vmlinuz"; mv "$initrd.new" "$initrd"; rm -rf "$w"
}

accel() { # does KVM really run this guest? (a device file alone says little)
    [ -z "${LIBVIRT_LAB_ACCEL:-}" ] || { echo "$LIBVIRT_LAB_ACCEL" >"$lab/accel"; return 0; }
    echo tcg >"$lab/accel"
    [ -w /dev/kvm ] || { say "no /dev/kvm: guests run emulated (TCG)"; return 0; }
    rm -f "$lab/kvm.log"
    ( # its own shell, so that nothing is said of a crash
        "$qemu" -accel kvm -cpu host -m 128 -nodefaults -display none -serial "file:$lab/kvm.log" -no-reboot \
            -kernel "$cache/vmlinuz" -initrd "$initrd" -append "console=ttyS0 quiet name=probe" >"$lab/kvm.err" 2>&1 &
        for _ in {1..80}; do
            if grep -q BOOTED "$lab/kvm.log" 2>/dev/null; then echo kvm >"$lab/accel"; break; fi
            [ -e "/proc/$!/exe" ] || break
            sleep 0.1
        done
        kill -9 $! && wait
    ) 2>/dev/null || true
    [ "$(cat "$lab/accel")" = kvm ] && say "guests run on KVM" ||
        say "/dev/kvm is there but does not run a guest ($(head -1 "$lab/kvm.err" 2>/dev/null)): guests run emulated (TCG)"
}
