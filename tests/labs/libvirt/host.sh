# Sourced by libvirt-lab: one host, from its configuration to its first process.

prepare() { # HOST: its folders and configuration
    local h=$1 n=${1#h} d=$lab/$1 caps cap
    mkdir -p "$d"/{etc,lib,cache,run,log,local,fake} "$lab/shared/console" "$lab/local"
    read -ra caps <<<"${LIBVIRT_LAB_CAPS:-8:16384 8:16384 4:8192}"
    cap=${caps[$(((n - 1) % ${#caps[@]}))]}
    echo "$cap" >"$d/capacity"
    [ -e "$d/uuid" ] || cat /proc/sys/kernel/random/uuid >"$d/uuid"
    tr -d - <"$d/uuid" >"$d/machine-id"
    { echo "127.0.0.1 localhost"; local i; for i in {1..20}; do echo "$net.$i h$i.lab h$i"; done; } >"$d/hosts"
    [ ! -d "$cache/caps-$(cat "$lab/accel")" ] || { mkdir -p "$d/cache/qemu"; cp -a "$cache/caps-$(cat "$lab/accel")" "$d/cache/qemu/capabilities"; }
    # the user that Debian's build names by default must exist, even where qemu.conf names another
    { grep -v ^libvirt-qemu: /etc/passwd; echo "libvirt-qemu:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin"; } >"$d/passwd"
    { grep -v ^libvirt-qemu: /etc/group; echo "libvirt-qemu:x:64055:"; } >"$d/group"
    cat >"$d/etc/libvirtd.conf" <<IN
host_uuid = "$(cat "$d/uuid")"
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_rw_perms = "0700"
listen_tls = 0
listen_tcp = 1
listen_addr = "$net.$n"
auth_tcp = "none"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
keepalive_interval = 2
keepalive_count = 3
max_client_requests = 20
IN
    cat >"$d/etc/qemu.conf" <<IN
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
namespaces = [ ]
seccomp_sandbox = 0
stdio_handler = "file"
migration_host = "$net.$n"
migration_address = "$net.$n"
keepalive_interval = 2
keepalive_count = 3
IN
    if [ -e "$lab/cgroups" ]; then echo 'cgroup_controllers = [ "cpu", "cpuacct", "memory", "blkio" ]'; else echo 'cgroup_controllers = [ ]'; fi >>"$d/etc/qemu.conf"
    # what the host claims to be: CPUs and memory, as the kernel would tell
    local cpus=${cap%:*} kib=$((${cap#*:} * 1024)) f=$d/fake c
    rm -rf "$f"; mkdir -p "$f"/{cpu,node/node0}
    for ((c = 0; c < cpus; c++)); do
        mkdir -p "$f/cpu/cpu$c/topology"
        echo 1 >"$f/cpu/cpu$c/online"; echo 0 >"$f/cpu/cpu$c/topology/physical_package_id"
        echo 0 >"$f/cpu/cpu$c/topology/die_id"; echo $c >"$f/cpu/cpu$c/topology/core_id"
        printf '%x\n' $((1 << c)) | tee "$f/cpu/cpu$c/topology/thread_siblings" >"$f/cpu/cpu$c/topology/core_cpus"
        echo $c | tee "$f/cpu/cpu$c/topology/thread_siblings_list" >"$f/cpu/cpu$c/topology/core_cpus_list"
        ln -s "../../cpu/cpu$c" "$f/node/node0/cpu$c"
    done
    echo "0-$((cpus - 1))" | tee "$f/cpu/present" "$f/cpu/possible" "$f/cpu/online" >"$f/node/node0/cpulist"
    echo 64 >"$f/cpu/kernel_max"; printf '%x\n' $(((1 << cpus) - 1)) >"$f/node/node0/cpumap"
    echo 0 | tee "$f/node/online" "$f/node/possible" "$f/node/has_cpu" "$f/node/has_memory" >"$f/node/has_normal_memory"
    echo 10 >"$f/node/node0/distance"
    : >"$f/stat"; : >"$f/meminfo"; : >"$f/node/node0/meminfo"
    feed_files "$f" "$cpus" "$kib" 0 0 0
}

feed_files() { # DIR CPUS KIB BUSY(ticks) ELAPSED(ticks) USED(KiB): written over, never cut, so that a reader finds them whole
    local f=$1 cpus=$2 kib=$3 busy=$4 total=$(($5 * $2)) free=$(($3 - $6 - 262144)) c out
    ((free > 0)) || free=0
    ((busy <= total)) || busy=$total
    printf -v out 'cpu  %15d 0 0 %15d 0 0 0 0 0 0\n' "$busy" $((total - busy))
    for ((c = 0; c < cpus; c++)); do printf -v out '%scpu%-3d %15d 0 0 %15d 0 0 0 0 0 0\n' "$out" $c $((busy / cpus)) $(((total - busy) / cpus)); done
    printf '%sintr 0\nctxt 0\nbtime 1700000000\nprocesses 1\n' "$out" 1<>"$f/stat"
    printf 'MemTotal:       %12d kB\nMemFree:        %12d kB\nMemAvailable:   %12d kB\nBuffers:        %12d kB\nCached:         %12d kB\n' "$kib" $free $free 0 0 1<>"$f/meminfo"
    printf 'Node 0 MemTotal:       %12d kB\nNode 0 MemFree:        %12d kB\nNode 0 MemUsed:        %12d kB\n' "$kib" $free $((kib - free)) 1<>"$f/node/node0/meminfo"
}

daemon() { # inside a host
    /usr/sbin/libvirtd --listen --pid-file /run/libvirt/libvirtd.pid --config /etc/libvirt/libvirtd.conf </dev/null >>/var/log/libvirt/out.log 2>&1 &
}

init() { # first process of a host's namespaces
    local h=$1 d=$lab/$1 n=${1#h} opid p f v
    read -r opid _ </proc/self/stat # still the outer /proc
    if [ "$h" = net ]; then
        mount -t proc proc /proc
        ip link set lo up
        ip link add lab type bridge && ip link set lab up
        echo "$opid" >"$d/pid"
        while :; do sleep 1000 & wait $! || true; done
    fi
    mount -t proc proc /proc
    hostname "$h.lab"
    mkdir -p /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt
    mount --bind "$d/etc" /etc/libvirt; mount --bind "$d/lib" /var/lib/libvirt; mount --bind "$d/cache" /var/cache/libvirt
    mount --bind "$d/log" /var/log/libvirt; mount --bind "$d/run" /run/libvirt; mount --bind "$d/local" "$lab/local"
    mount --bind "$d/passwd" /etc/passwd; mount --bind "$d/group" /etc/group
    mount --bind "$d/hosts" /etc/hosts; [ -e /etc/machine-id ] || : >/etc/machine-id; mount --bind "$d/machine-id" /etc/machine-id
    if [ "$(cat "$lab/accel")" = tcg ] && [ -e /dev/kvm ]; then # a /dev without kvm: libvirt would ask it again and again
        mkdir -p "$d/dev"; mount -t tmpfs -o mode=755 none "$d/dev"; mkdir "$d"/dev/{pts,shm,net,mapper}
        for f in null zero full random urandom tty net/tun; do [ -e "/dev/$f" ] && : >"$d/dev/$f" && mount --bind "/dev/$f" "$d/dev/$f"; done
        ln -s pts/ptmx "$d/dev/ptmx"; ln -s /proc/self/fd "$d/dev/fd"
        mount --rbind /dev/pts "$d/dev/pts"; mount -t tmpfs none "$d/dev/shm"; mount --rbind "$d/dev" /dev
    fi
    if [ -e "$lab/cgroups" ]; then
        if [ "$(cat "$lab/cgroups")" = v2 ]; then
            umount /sys/fs/cgroup 2>/dev/null || true; mount -t cgroup2 none /sys/fs/cgroup; mkdir -p /sys/fs/cgroup/init; echo $$ >/sys/fs/cgroup/init/cgroup.procs
            for v in cpu memory io; do echo "+$v" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true; done
        else
            for v in $(cat "$lab/cgroups"); do mount --bind "/sys/fs/cgroup/$v/$cg/$h" "/sys/fs/cgroup/$v"; done
        fi
    fi
    mount --bind "$d/fake/cpu" /sys/devices/system/cpu; mount --bind "$d/fake/node" /sys/devices/system/node
    mount --bind "$d/fake/stat" /proc/stat; mount --bind "$d/fake/meminfo" /proc/meminfo
    ip link set lo up
    mkfifo "$d/tick.$$" && exec 9<>"$d/tick.$$"; rm -f "$d/tick.$$"
    echo "$opid" >"$d/pid"
    for ((p = 0; p < 100; p++)); do read -rt 0.1 -u 9 _ || true; ip link show eth0 >/dev/null 2>&1 && break; done # given by up
    ip link add br0 type bridge; ip link set eth0 master br0; ip link set eth0 up; ip link set br0 up; ip addr add "$net.$n/16" dev br0
    daemon
    # the loads that the host shows are those of its guests; no process is started in this loop
    declare -A last; local cpus mib busy=0 used start now t x pids
    IFS=: read -r cpus mib <"$d/capacity"; read -r x _ </proc/uptime; start=${x/./}
    trap : CHLD; set +eu
    while :; do
        read -rt 1 -u 9 _ || true
        used=0; pids=
        for p in /proc/[0-9]*; do
            p=${p#/proc/}; { read -r f <"/proc/$p/comm"; } 2>/dev/null || continue
            case $f in qemu-*) ;; *) continue ;; esac
            { read -r x <"/proc/$p/stat"; read -r _ v _ <"/proc/$p/statm"; } 2>/dev/null || continue
            x=${x##*) }; read -r _ _ _ _ _ _ _ _ _ _ _ t f _ <<<"$x"
            ((t += f)); ((busy += t - ${last[$p]:-0})) || true; last[$p]=$t; ((used += v * 4)) || true
        done
        read -r x _ </proc/uptime; now=${x/./}
        feed_files "$d/fake" "$cpus" $((mib * 1024)) "$busy" $((now - start)) "$used"
    done
}

launch() { # HOST or net
    local h=$1 d=$lab/$1 v i p
    mkdir -p "$d"; rm -f "$d/pid"
    (
        trap '' HUP
        if [ "$h" != net ] && [ -e "$lab/cgroups" ]; then
            if [ "$(cat "$lab/cgroups")" = v2 ]; then mkdir -p "/sys/fs/cgroup/$cg/$h"; echo $BASHPID >"/sys/fs/cgroup/$cg/$h/cgroup.procs"
            else for v in $(cat "$lab/cgroups"); do mkdir -p "/sys/fs/cgroup/$v/$cg/$h"; echo $BASHPID >"/sys/fs/cgroup/$v/$cg/$h/cgroup.procs"; done; fi
        fi
        exec setsid unshare -m -u -i -n -p -C --fork --propagation private bash "$here/libvirt-lab" _init "$h" "$lab" </dev/null >"$d/init.log" 2>&1
    ) &
    for i in {1..100}; do p=$(alive "$h") && break; sleep 0.05; done
    [ -n "${p:-}" ] || { cat "$d/init.log" >&2; die "$h does not start"; }
    [ "$h" = net ] && return
    local n=${h#h} b; b=$(alive net)
    nsenter -t "$b" -n ip link del "v$n" 2>/dev/null || true
    nsenter -t "$b" -n ip link add "v$n" type veth peer name "p$n"
    nsenter -t "$b" -n ip link set "v$n" master lab up
    nsenter -t "$b" -n ip link set "p$n" name eth0 netns "$p"
}

cgroups() { # which controllers can be had
    rm -f "$lab/cgroups"
    [ "${LIBVIRT_LAB_CGROUPS:-1}" = 1 ] || return 0
    local c ok=
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        mkdir /sys/fs/cgroup/$cg 2>/dev/null || [ -d /sys/fs/cgroup/$cg ] || return 0
        for c in cpu memory io; do echo "+$c" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true; echo "+$c" >/sys/fs/cgroup/$cg/cgroup.subtree_control 2>/dev/null || true; done
        grep -q cpu /sys/fs/cgroup/$cg/cgroup.subtree_control && echo v2 >"$lab/cgroups"
        return 0
    fi
    for c in cpu cpuacct memory blkio; do [ -d "/sys/fs/cgroup/$c" ] && mkdir -p "/sys/fs/cgroup/$c/$cg" 2>/dev/null && ok="$ok $c"; done
    [ -z "$ok" ] || echo $ok >"$lab/cgroups"
}
