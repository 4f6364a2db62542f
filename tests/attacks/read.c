/* Reading what is somebody else's. */
#include "attack.h"

static int hidden_rubric(void) { return can_read(secret_file); }
static int etc_shadow(void) { return can_read("/etc/shadow"); }
static int graders_environment(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/environ", victim);
    return can_read(path) || can_read("/proc/1/environ");
}
static int graders_memory(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/mem", victim);
    return open(path, O_RDONLY) >= 0 || open("/proc/1/mem", O_RDONLY) >= 0;
}
static int graders_descriptors(void)
{
    char path[64], target[256];
    snprintf(path, sizeof path, "/proc/%s/fd/0", victim);
    return readlink(path, target, sizeof target) > 0 || readlink("/proc/1/fd/0", target, sizeof target) > 0;
}
static int inherited_descriptors(void)
{
    for (int fd = 3; fd < 1024; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            return 1;
    return 0;
}
static int environment(void)
{
    extern char **environ;
    for (char **entry = environ; *entry; entry++)
        if (strncmp(*entry, "GRADER_SECRET=", 14) == 0)
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "hidden-rubric", hidden_rubric }, { "etc-shadow", etc_shadow },
        { "graders-environment", graders_environment }, { "graders-memory", graders_memory },
        { "graders-descriptors", graders_descriptors }, { "inherited-descriptors", inherited_descriptors },
        { "environment", environment }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
