#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
void agent(volatile int *mute);
static volatile struct { int load, dirty, ws, mute; unsigned long pages, bad; } *s;
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void nap(double d) { struct timespec t = { d, (d - (long)d) * 1e9 }; if (d > 0) nanosleep(&t, 0); }
/* load: that part of every 100 ms; a burner for each CPU there can be */
static void burn(int cpu) {
    cpu_set_t c; CPU_ZERO(&c); CPU_SET(cpu, &c);
    for (;;) {
        if (s->load <= 0 || sched_setaffinity(0, sizeof c, &c)) { nap(.5); continue; }
        double t = now(), e = t + s->load / 1000.0;
        while (now() < e) for (volatile int i = 0; i < 2000; i++);
        nap(t + .1 - now());
    }
}
/* dirty: that many MB/s, round and round over ws MB; every page must still hold what was written last */
static void soil(void) {
    int ws = s->ws; size_t n = (size_t)ws * 256, i = 0; unsigned long pass = 1;
    char *m = mmap(0, n * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED) _exit(1);
    for (;;) {
        if (s->ws != ws) _exit(0);
        if (s->dirty <= 0) { nap(.2); continue; }
        double t = now();
        for (int k = s->dirty * 256 / 20; k > 0; k--) {
            unsigned long *p = (unsigned long *)(m + i * 4096);
            if (*p != pass - 1) s->bad++;
            *p = pass; s->pages++;
            if (++i == n) { i = 0; pass++; }
        }
        nap(t + .05 - now());
    }
}
/* CPUs that were plugged in */
static void plug(void) {
    for (int c = 1; c < sysconf(_SC_NPROCESSORS_CONF); c++) {
        char path[64], on = '1'; sprintf(path, "/sys/devices/system/cpu/cpu%d/online", c);
        int f = open(path, O_RDWR);
        if (f < 0) continue;
        if (read(f, &on, 1) == 1 && on == '0' && write(f, "1", 1) < 0) nap(.1);
        close(f);
    }
}
int main(int argc, char **argv) {
    s = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    s->load = atoi(argv[2]); s->dirty = atoi(argv[3]); s->ws = atoi(argv[4]);
    for (int c = 0; c < sysconf(_SC_NPROCESSORS_CONF); c++) if (!fork()) burn(c);
    if (!fork()) for (;;) { if (!fork()) soil(); while (waitpid(-1, 0, 0) < 0); }
    if (!fork()) { agent(&s->mute); _exit(0); }
    struct pollfd f[4] = { { 0, POLLIN, 0 } }; int nf = 1; char name[64];
    for (int i = 0; i < 3; i++) { sprintf(name, "/dev/input/event%d", i); if ((f[nf].fd = open(name, O_RDONLY)) >= 0) f[nf++].events = POLLIN; }
    for (unsigned long hb = 0;; hb++) {
        double t = now(), w; char l[128];
        plug();
        printf("HB %s n=%lu up=%.1f load=%d dirty=%d cpus=%ld pages=%lu bad=%lu\n", argv[1], hb, t, s->load, s->dirty, sysconf(_SC_NPROCESSORS_ONLN), s->pages, s->bad);
        fflush(stdout);
        while ((w = t + 1 - now()) > 0) if (poll(f, nf, w * 1000 + 1) > 0) {
            if (f[0].revents) { int r = read(0, l, 127), v; if (r <= 0) { nap(.2); continue; } l[r] = 0;
                if (sscanf(l, "load %d", &v) == 1) s->load = v;
                else if (sscanf(l, "dirty %d", &v) == 1) s->dirty = v;
                else if (sscanf(l, "ws %d", &v) == 1) s->ws = v;
                else if (sscanf(l, "mute %d", &v) == 1) s->mute = v;
                else if (!strncmp(l, "off", 3)) reboot(RB_POWER_OFF); }
            for (int i = 1; i < nf; i++) if (f[i].revents) { struct input_event e;
                if (read(f[i].fd, &e, sizeof e) == sizeof e && e.type == EV_KEY && e.code == KEY_POWER) reboot(RB_POWER_OFF); }
        }
    }
}
