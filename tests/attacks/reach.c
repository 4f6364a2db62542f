/* Other processes and their sockets. */
#include "attack.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

static int pid(void) { return atoi(victim); }

static int ptrace_it(void) { return ptrace(PTRACE_ATTACH, pid(), 0, 0) == 0; }
static int read_its_memory(void)
{
    char byte;
    struct iovec here = { &byte, 1 }, there = { (void *)run_attacks, 1 };
    ssize_t got = process_vm_readv(pid(), &here, 1, &there, 1, 0);
    return got == 1 || (got < 0 && errno == EFAULT);
}
static int take_its_descriptor(void)
{
    int pidfd = syscall(SYS_pidfd_open, pid(), 0);
    return pidfd >= 0 && syscall(SYS_pidfd_getfd, pidfd, 0, 0) >= 0;
}
static int kill_it(void) { return kill(pid(), SIGCONT) == 0; }
static int kill_init(void)
{
    /* The cell's init is the parent of the program: when it has gone, somebody else is. */
    pid_t init = getppid();
    kill(init, SIGKILL);
    usleep(20000);
    return getppid() != init;
}
static int limit_init(void)
{
    struct { unsigned long now, most; } none = { 0, 0 };
    return syscall(SYS_prlimit64, getppid(), 7 /* RLIMIT_NOFILE */, &none, 0) == 0;
}

static int connects(struct sockaddr_in to)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int done = connect(fd, (struct sockaddr *)&to, sizeof to);
    if (done != 0 && errno == EINPROGRESS) {
        usleep(50000);
        int error = 0;
        socklen_t size = sizeof error;
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        done = error == 0 && getpeername(fd, (struct sockaddr *)&peer, &length) == 0 ? 0 : -1;
    }
    return done == 0;
}
static int service_of_the_host(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(host_port)) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connects(to);
}
static int route_to_the_internet(void)
{
    /* For UDP, connect only asks whether there is a way. */
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
    inet_pton(AF_INET, "192.0.2.1", &to.sin_addr);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    return connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
}
static int unix_connects(const char *name, int abstract)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    strncpy(to.sun_path + abstract, name, sizeof to.sun_path - 2);
    socklen_t size = offsetof(struct sockaddr_un, sun_path) + abstract + strlen(name) + !abstract;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&to, size) == 0;
}
static int path_socket(void) { return unix_connects(socket_path, 0); }
static int abstract_socket(void) { return unix_connects(socket_name, 1); }
static int vsock(void) { return socket(AF_VSOCK, SOCK_STREAM, 0) >= 0; }
static int raw_socket(void)
{
    return socket(AF_INET, SOCK_RAW, IPPROTO_TCP) >= 0 || socket(AF_PACKET, SOCK_RAW, 0) >= 0;
}
static int all_sockets(void) { return socket(AF_NETLINK, SOCK_DGRAM, 4 /* NETLINK_SOCK_DIAG */) >= 0; }

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "ptrace", ptrace_it }, { "process-memory", read_its_memory }, { "pidfd-getfd", take_its_descriptor },
        { "signals", kill_it }, { "kill-init", kill_init }, { "limit-init", limit_init },
        { "host-service", service_of_the_host }, { "internet", route_to_the_internet },
        { "unix-socket", path_socket }, { "abstract-socket", abstract_socket }, { "vsock", vsock },
        { "raw-sockets", raw_socket }, { "list-of-sockets", all_sockets }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
