// An echo server without a mistake, one client after another: what every tool is timed with.

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

static void introduce(const struct sockaddr_in *peer) {
    char name[NI_MAXHOST], address[INET_ADDRSTRLEN];
    if (getnameinfo((const struct sockaddr *)peer, sizeof *peer, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
        strcpy(name, "unknown hostname");
    inet_ntop(AF_INET, &peer->sin_addr, address, sizeof address);
    fprintf(stderr, "Got connection from %s (%s)\n", name, address);
}

// Until the client has no more to say, by FIN or by RST.
static void echo(int client) {
    static char buffer[16384];
    for (;;) {
        ssize_t count = read(client, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        for (ssize_t done = 0; done < count;) {
            ssize_t taken = write(client, buffer + done, (size_t)(count - done));
            if (taken < 0 && errno != EINTR)
                return;
            if (taken > 0)
                done += taken;
        }
    }
}

int main(int argc, char **argv) {
    char *end = "";
    long port = argc == 2 ? strtol(argv[1], &end, 10) : -1;
    if (argc != 2 || end == argv[1] || *end != '\0' || port < 0 || port > 65535) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);

    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 10) < 0) {
        perror("server");
        return 1;
    }
    fprintf(stderr, "listening on 0.0.0.0:%ld\n", port);

    for (;;) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        int client = accept(listener, (struct sockaddr *)&peer, &length);
        if (client < 0)
            continue;
        introduce(&peer);
        echo(client);
        close(client);
    }
}
