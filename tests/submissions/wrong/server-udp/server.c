// Makes a socket of UDP, and answers what comes there.

#include <netinet/in.h>
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
    int listener = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("server: bind");
        return 1;
    }
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);
    for (;;) {
        char bytes[4096];
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t count = recvfrom(listener, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &length);
        if (count >= 0)
            sendto(listener, bytes, (size_t)count, 0, (struct sockaddr *)&from, length);
    }
}
