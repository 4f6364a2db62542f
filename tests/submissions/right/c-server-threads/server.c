// An echo server in C, a thread for each client, on an IPv6 socket that takes IPv4 clients as well.

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int failed(const char *call) {
    fprintf(stderr, "server: %s: %s\n", call, strerror(errno));
    return 1;
}

// Sends all of it, without SIGPIPE; -1 when the connection is gone.
static int send_all(int fd, const char *bytes, size_t left) {
    while (left > 0) {
        ssize_t taken = send(fd, bytes, left, MSG_NOSIGNAL);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return -1;
        bytes += taken;
        left -= (size_t)taken;
    }
    return 0;
}

static void log_client(int client) {
    struct sockaddr_in6 peer6;
    socklen_t length = sizeof peer6;
    // A client that has reset its connection has no address any more.
    if (getpeername(client, (struct sockaddr *)&peer6, &length) < 0)
        return;
    // ::ffff:192.0.2.1 is 192.0.2.1.
    struct sockaddr_in peer = {.sin_family = AF_INET};
    memcpy(&peer.sin_addr, &peer6.sin6_addr.s6_addr[12], 4);
    char name[NI_MAXHOST], address[INET_ADDRSTRLEN];
    if (getnameinfo((struct sockaddr *)&peer, sizeof peer, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
        strcpy(name, "unknown hostname");
    inet_ntop(AF_INET, &peer.sin_addr, address, sizeof address);
    fprintf(stderr, "Got connection from %s (%s)\n", name, address);
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument;
    char buffer[65536];
    log_client(client);
    for (;;) {
        ssize_t count = recv(client, buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || send_all(client, buffer, (size_t)count) < 0)
            break;
    }
    close(client);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0' || port > 65535) {
        fprintf(stderr, "server: %s is no port\n", argv[1]);
        return 1;
    }

    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    if (listener < 0)
        return failed("socket");
    int on = 1, off = 0;
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0)
        return failed("setsockopt");
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6,
        .sin6_port = htons((uint16_t)port),
        .sin6_addr = in6addr_any,
    };
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, SOMAXCONN) < 0)
        return failed("listen");
    fprintf(stderr, "listening on [::]:%lu\n", port);

    // Nobody waits for the threads, so they clean up after themselves. A small stack is plenty for the buffer.
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 256 * 1024);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (client < 0)
            return failed("accept");
        pthread_t thread;
        if (pthread_create(&thread, &detached, serve, (void *)(intptr_t)client) != 0)
            close(client);
    }
}
