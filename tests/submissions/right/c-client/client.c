/* client: resolve, sockaddr, connect, send, recv, get. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void die(int status, const char *message)
{
    fprintf(stderr, "client: %s\n", message);
    exit(status);
}

static _Noreturn void usage(void)
{
    die(2, "usage: client resolve HOST | sockaddr IP PORT | connect HOST PORT [--timeout SECONDS]\n"
           "              | send HOST PORT | recv HOST PORT | get URL");
}

static _Noreturn void die_of(int error)
{
    switch (error) {
    case ECONNREFUSED:
        die(1, "connection refused");
    case ETIMEDOUT:
        die(1, "timed out");
    case ENETUNREACH:
    case EHOSTUNREACH:
        die(1, "host unreachable");
    case ECONNRESET:
        die(1, "connection reset");
    default:
        die(1, strerror(error));
    }
}

static int is_port(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    return end != text && *end == '\0' && value >= 0 && value <= 65535;
}

static struct addrinfo *look_up(const char *host, const char *port)
{
    struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *list;
    if (getaddrinfo(host, port, &hints, &list) != 0)
        die(1, "unknown host");
    return list;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* One attempt: 0, or what went wrong. */
static int attempt(int fd, const struct addrinfo *to, double timeout)
{
    double deadline = now() + timeout;
    int flags = fcntl(fd, F_GETFL);
    fcntl(fd, F_SETFL, flags | O_NONBLOCK);
    if (connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
        if (errno != EINPROGRESS)
            return errno;
        for (;;) {
            struct pollfd watched = { .fd = fd, .events = POLLOUT };
            double left = ceil((deadline - now()) * 1000);
            int ready = poll(&watched, 1, left < 0 ? 0 : left > 1e9 ? 1000000000 : (int)left);
            if (ready > 0)
                break;
            if (ready < 0 && errno != EINTR)
                return errno;
            if (now() >= deadline)
                return ETIMEDOUT;
        }
        int error;
        socklen_t size = sizeof error;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0)
            return error;
    }
    fcntl(fd, F_SETFL, flags);
    return 0;
}

int connect_or_die(const char *host, const char *port, double timeout)
{
    int error = 0;
    struct addrinfo *list = look_up(host, port);
    for (struct addrinfo *one = list; one != NULL; one = one->ai_next) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0)
            die_of(errno);
        error = attempt(fd, one, timeout);
        if (error == 0) {
            freeaddrinfo(list);
            return fd;
        }
        close(fd);
    }
    die_of(error);
}

static int command_resolve(const char *host)
{
    char seen[64][INET_ADDRSTRLEN];
    size_t count = 0;
    for (struct addrinfo *one = look_up(host, NULL); one != NULL && count < 64; one = one->ai_next) {
        size_t i = 0;
        getnameinfo(one->ai_addr, one->ai_addrlen, seen[count], sizeof seen[count], NULL, 0, NI_NUMERICHOST);
        while (strcmp(seen[i], seen[count]) != 0)
            i++;
        if (i == count)
            puts(seen[count++]);
    }
    return 0;
}

static int command_sockaddr(const char *ip, const char *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    unsigned char bytes[sizeof address];
    if (!is_port(port) || inet_pton(AF_INET, ip, &address.sin_addr) != 1)
        die(1, "not an address and a port");
    address.sin_port = htons((uint16_t)atoi(port));
    memcpy(bytes, &address, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        printf("%02x", bytes[i]);
    puts("");
    return 0;
}

static int command_connect(const char *host, const char *port, double timeout)
{
    struct sockaddr_in peer, own;
    socklen_t size = sizeof peer;
    char peer_ip[INET_ADDRSTRLEN], own_ip[INET_ADDRSTRLEN];
    int fd = connect_or_die(host, port, timeout);
    if (getpeername(fd, (struct sockaddr *)&peer, &size) != 0 || getsockname(fd, (struct sockaddr *)&own, &size) != 0)
        die_of(errno);
    inet_ntop(AF_INET, &peer.sin_addr, peer_ip, sizeof peer_ip);
    inet_ntop(AF_INET, &own.sin_addr, own_ip, sizeof own_ip);
    printf("connected to %s:%d from %s:%d\n", peer_ip, ntohs(peer.sin_port), own_ip, ntohs(own.sin_port));
    close(fd);
    return 0;
}

/* One thread, poll, and a non-blocking socket: whichever side is ready is served. */
static int command_send(const char *host, const char *port)
{
    static char out[65536], in[65536];
    size_t begin = 0, end = 0;
    int saying = 1;
    int fd = connect_or_die(host, port, 5);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    for (;;) {
        struct pollfd watched[2] = {
            { .fd = fd, .events = POLLIN },
            { .fd = saying && begin == end ? STDIN_FILENO : -1, .events = POLLIN },
        };
        if (begin < end)
            watched[0].events |= POLLOUT;
        if (poll(watched, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            die_of(errno);
        }
        if (watched[1].revents) {
            ssize_t count = read_some(STDIN_FILENO, out, sizeof out);
            if (count < 0)
                die_of(errno);
            begin = 0;
            end = (size_t)count;
            if (count == 0) {
                saying = 0;
                if (shutdown(fd, SHUT_WR) != 0)
                    die(1, "closed by peer");
            }
        }
        if (begin < end) {
            ssize_t taken = write(fd, out + begin, end - begin);
            if (taken >= 0)
                begin += (size_t)taken;
            else if (errno != EAGAIN && errno != EINTR)
                die(1, "closed by peer");
        }
        if (watched[0].revents & ~POLLOUT) {
            ssize_t count = read(fd, in, sizeof in);
            if (count < 0 && errno != EAGAIN && errno != EINTR)
                die(1, "closed by peer");
            if (count == 0 && !saying) {
                close(fd);
                return 0;
            }
            if (count == 0) {
                /* The peer says no more, but may go on listening: the rest is written without looking its way. */
                fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
                do {
                    if (write_all(fd, out + begin, end - begin) != 0)
                        die(1, "closed by peer");
                    begin = 0;
                    count = read_some(STDIN_FILENO, out, sizeof out);
                    end = count > 0 ? (size_t)count : 0;
                } while (count > 0);
                if (shutdown(fd, SHUT_WR) != 0)
                    die(1, "closed by peer");
                close(fd);
                return 0;
            }
        }
    }
}

static int command_recv(const char *host, const char *port)
{
    static char buffer[65536];
    ssize_t count;
    int fd = connect_or_die(host, port, 5);
    while ((count = read_some(fd, buffer, sizeof buffer)) > 0)
        if (write_all(STDOUT_FILENO, buffer, (size_t)count) != 0)
            die_of(errno);
    if (count < 0)
        die_of(errno);
    close(fd);
    return 0;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a write to a peer that is gone fails, and says so */
    if (argc < 2)
        usage();
    const char *command = argv[1];
    if (strcmp(command, "resolve") == 0 && argc == 3)
        return command_resolve(argv[2]);
    if (strcmp(command, "get") == 0 && argc == 3)
        return get(argv[2]);
    if (strcmp(command, "sockaddr") == 0 && argc == 4)
        return command_sockaddr(argv[2], argv[3]);
    if (argc >= 4 && !is_port(argv[3]))
        die(1, "not a port");
    if (strcmp(command, "connect") == 0 && argc == 4)
        return command_connect(argv[2], argv[3], 5);
    if (strcmp(command, "connect") == 0 && argc == 6 && strcmp(argv[4], "--timeout") == 0) {
        char *end;
        double timeout = strtod(argv[5], &end);
        if (end == argv[5] || *end != '\0' || !(timeout >= 0))
            die(1, "not a time");
        return command_connect(argv[2], argv[3], timeout);
    }
    if (strcmp(command, "send") == 0 && argc == 4)
        return command_send(argv[2], argv[3]);
    if (strcmp(command, "recv") == 0 && argc == 4)
        return command_recv(argv[2], argv[3]);
    usage();
}
