/* Runs the attack that the first argument names. */
#include "attack.h"

const char *secret_file, *victim, *host_port, *socket_path, *socket_name;

int can_read(const char *path)
{
    char byte;
    int fd = open(path, O_RDONLY | O_NONBLOCK);
    int got = fd >= 0 && read(fd, &byte, 1) == 1;
    if (fd >= 0)
        close(fd);
    return got;
}

int can_write(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

int run_attacks(int argc, char **argv, const struct attack *attacks)
{
    if (argc < 7)
        return 2;
    secret_file = argv[2], victim = argv[3], host_port = argv[4], socket_path = argv[5], socket_name = argv[6];
    for (; attacks->name; attacks++)
        if (strcmp(attacks->name, argv[1]) == 0) {
            puts(attacks->succeeds() ? "got it" : "held");
            return 0;
        }
    return 2;
}
