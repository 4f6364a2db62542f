// Right in everything but its address: only this machine can reach it.

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void log_client(const struct sockaddr_in *peer) {
    char name[1025], address[INET_ADDRSTRLEN];
    if (getnameinfo((const struct sockaddr *)peer, sizeof *peer, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
        strcpy(name, "unknown hostname");
    inet_ntop(AF_INET, &peer->sin_addr, address, sizeof address);
    fprintf(stderr, "Got connection from %s (%s)\n", name, address);
}

static int writen(int fd, const char *bytes, size_t left) {
    while (left > 0) {
        ssize_t taken = write(fd, bytes, left);
        if (taken < 0)
            return -1;
        bytes += taken;
        left -= (size_t)taken;
    }
    return 0;
}

static char buffer[16384];

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (*end != '\0' || port > 65535) {
        fprintf(stderr, "server: bad port\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("server: bind");
        return 1;
    }
    if (listen(listener, 10) < 0) {
        perror("server: listen");
        return 1;
    }
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);
    for (;;) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        int client = accept(listener, (struct sockaddr *)&peer, &length);
        if (client < 0)
            continue;
        log_client(&peer);
        ssize_t count;
        while ((count = read(client, buffer, sizeof buffer)) > 0 && writen(client, buffer, (size_t)count) == 0)
            ;
        close(client);
    }
}
