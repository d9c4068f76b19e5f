/* The part of the guest agent's protocol (QEMU documentation: QEMU Guest Agent Protocol Reference) that tells whether a guest is well: sync, ping, time. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void answer(int port, const char *line) {
    char out[256]; const char *id = strstr(line, "\"id\""); long long number = 0; struct timespec t;
    if (id) sscanf(id, "\"id\" : %lld", &number);
    clock_gettime(CLOCK_REALTIME, &t);
    if (strstr(line, "\"guest-sync-delimited\"")) snprintf(out, sizeof out, "\xff{\"return\": %lld}\n", number);
    else if (strstr(line, "\"guest-sync\"")) snprintf(out, sizeof out, "{\"return\": %lld}\n", number);
    else if (strstr(line, "\"guest-ping\"")) snprintf(out, sizeof out, "{\"return\": {}}\n");
    else if (strstr(line, "\"guest-get-time\"")) snprintf(out, sizeof out, "{\"return\": %lld}\n", t.tv_sec * 1000000000LL + t.tv_nsec);
    else snprintf(out, sizeof out, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"not here\"}}\n");
    if (write(port, out, strlen(out)) < 0) sleep(1);
}

static int channel(void) { /* the port by its name; -1 if the guest has none */
    char path[300], name[64]; struct dirent *e; DIR *d = opendir("/sys/class/virtio-ports"); int found = -1;
    while (d && found < 0 && (e = readdir(d))) {
        snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", e->d_name);
        FILE *f = fopen(path, "r");
        if (!f) continue;
        if (fgets(name, sizeof name, f) && !strncmp(name, "org.qemu.guest_agent.0", 22)) {
            snprintf(path, sizeof path, "/dev/%s", e->d_name);
            found = open(path, O_RDWR);
        }
        fclose(f);
    }
    if (d) closedir(d);
    return found;
}

/* answers until it is muted; then it hears and says nothing, as one that hangs */
void agent(volatile int *mute) {
    char line[4096]; size_t n = 0; int port = channel();
    if (port < 0) return;
    for (;;) {
        ssize_t r = read(port, line + n, 1);
        if (r <= 0) { sleep(1); continue; }
        if (line[n] != '\n' && n < sizeof line - 2) { n++; continue; }
        line[n] = 0; n = 0;
        if (!*mute) answer(port, line);
    }
}
