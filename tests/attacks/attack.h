/* What all hostile programs share: each attack is a function that says whether it got what it wanted. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the test has prepared for the attacks to go for. */
extern const char *secret_file;  /* world-readable, in a folder of the grader's */
extern const char *victim;       /* process id of a bystander of the grader's user */
extern const char *host_port;    /* a server on 127.0.0.1 of the machine */
extern const char *socket_path;  /* an AF_UNIX server */
extern const char *socket_name;  /* an abstract one */

struct attack {
    const char *name;
    int (*succeeds)(void);
};

int run_attacks(int argc, char **argv, const struct attack *attacks);
int can_read(const char *path);
int can_write(const char *path);
