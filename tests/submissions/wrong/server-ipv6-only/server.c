// Listens on :: and has IPv4 switched off.

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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
    int listener = socket(AF_INET6, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_any};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("server: bind");
        return 1;
    }
    if (listen(listener, 10) < 0) {
        perror("server: listen");
        return 1;
    }
    fprintf(stderr, "listening on [::]:%lu\n", port);
    for (;;)
        pause();
}
