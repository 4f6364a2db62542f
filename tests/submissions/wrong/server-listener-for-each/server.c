// An echo server in C, with a socket, bind, listen and accept for each client.

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int failed(const char *call) {
    fprintf(stderr, "server: %s: %s\n", call, strerror(errno));
    return 1;
}

// Writes all of it; -1 when the connection is gone.
static int writen(int fd, const char *bytes, size_t left) {
    while (left > 0) {
        ssize_t taken = write(fd, bytes, left);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return -1;
        bytes += taken;
        left -= (size_t)taken;
    }
    return 0;
}

static void log_client(const struct sockaddr_in *peer) {
    char name[NI_MAXHOST], address[INET_ADDRSTRLEN];
    if (getnameinfo((const struct sockaddr *)peer, sizeof *peer, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
        strcpy(name, "unknown hostname");
    inet_ntop(AF_INET, &peer->sin_addr, address, sizeof address);
    fprintf(stderr, "Got connection from %s (%s)\n", name, address);
}

static void echo(int client) {
    static char buffer[16384];
    for (;;) {
        ssize_t count = read(client, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        // 0 is the client's FIN, -1 its RST: either way it has no more to say.
        if (count <= 0 || writen(client, buffer, (size_t)count) < 0)
            return;
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    char *end;
    errno = 0;
    long port = strtol(argv[1], &end, 10);
    if (errno != 0 || end == argv[1] || *end != '\0' || port < 0 || port > 65535) {
        fprintf(stderr, "server: bad port %s\n", argv[1]);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);

    int said = 0;
    for (;;) {
        int listener = socket(AF_INET, SOCK_STREAM, 0);
        if (listener < 0)
            return failed("socket");
        int on = 1;
        if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
            return failed("setsockopt");
        struct sockaddr_in address = {
            .sin_family = AF_INET,
            .sin_port = htons((uint16_t)port),
            .sin_addr.s_addr = htonl(INADDR_ANY),
        };
        if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
            return failed("bind");
        if (listen(listener, 10) < 0)
            return failed("listen");
        if (!said++)
            fprintf(stderr, "listening on 0.0.0.0:%ld\n", port);
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        int client = accept(listener, (struct sockaddr *)&peer, &length);
        if (client < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (client < 0)
            return failed("accept");
        log_client(&peer);
        echo(client);
        close(client);
        close(listener);
    }
}
