/* Changing what is not the program's. */
#include "attack.h"

static int system_folders(void)
{
    return can_write("/usr/bin/attacked") || can_write("/etc/attacked") || can_write("/attacked");
}
static int temporary_folders(void) { return can_write("/var/tmp/attacked") || can_write("/run/attacked"); }
static int own_program(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    char other[4200];
    snprintf(other, sizeof other, "%s.new", path);
    return can_write(other) || unlink(path) == 0;
}
static int sysctls(void)
{
    int fd = open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY);
    return fd >= 0 && write(fd, "2000 2001", 9) == 9;
}
static int results(void)
{
    int fd = open(secret_file, O_WRONLY | O_APPEND);
    return fd >= 0;
}

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "system-folders", system_folders }, { "temporary-folders", temporary_folders },
        { "own-program", own_program }, { "sysctls", sysctls }, { "results", results }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
