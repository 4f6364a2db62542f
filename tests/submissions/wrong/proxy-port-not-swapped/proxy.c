// A forward proxy in C, a thread for each client. Connecting has the socket's own timeout (SO_SNDTIMEO), reading that of poll;
// towards the origin it speaks HTTP/1.1 and says that it wants the connection closed.

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LONGEST_HEAD = 65536 };

static struct timeval patience = {.tv_sec = 10};

static int failed(const char *call) {
    fprintf(stderr, "proxy: %s: %s\n", call, strerror(errno));
    return 1;
}

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

static ssize_t receive(int fd, char *buffer, size_t size) {
    ssize_t count;
    do
        count = recv(fd, buffer, size, 0);
    while (count < 0 && errno == EINTR);
    return count;
}

static void answer(int client, const char *status) {
    char page[256];
    int length = snprintf(page, sizeof page, "HTTP/1.0 %s\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>%s</h1>\n",
                          status, status);
    send_all(client, page, (size_t)length);
}

// The head with a zero behind it; NULL when the client leaves before its end.
static char *read_head(int client) {
    char *head = malloc(LONGEST_HEAD + 1);
    size_t length = 0;
    while (head && length < LONGEST_HEAD) {
        ssize_t count = receive(client, head + length, LONGEST_HEAD - length);
        if (count <= 0)
            break;
        length += (size_t)count;
        head[length] = '\0';
        if (strlen(head) != length)
            break;
        if (strstr(head, "\r\n\r\n"))
            return head;
    }
    free(head);
    return NULL;
}

// Whether `name` is one of the comma separated `list`.
static int is_listed(const char *list, const char *name, size_t length) {
    while (*list && *list != '\r') {
        list += strspn(list, " \t,");
        size_t word = strcspn(list, " \t,\r");
        if (word == length && strncasecmp(list, name, length) == 0)
            return 1;
        list += word;
    }
    return 0;
}

static const char *value_of(const char *line) {
    const char *colon = strchr(line, ':');
    return colon ? colon + 1 + strspn(colon + 1, " \t") : line;
}

static int is_kept_back(const char *headers, const char *name, size_t length) {
    if (is_listed("Host, Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Transfer-Encoding, Upgrade", name, length))
        return 1;
    for (const char *line = headers; *line && *line != '\r'; line = strstr(line, "\r\n") + 2)
        if (strncasecmp(line, "Connection:", 11) == 0 && is_listed(value_of(line), name, length))
            return 1;
    return 0;
}

// A connection, or -1; `*status` says why not.
static int reach(const char *host, const char *port, const char **status) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *all;
    *status = "502 Bad Gateway";
    if (getaddrinfo(host, NULL, &hints, &all) != 0)
        return -1;
    int origin = -1;
    for (struct addrinfo *one = all; one && origin < 0; one = one->ai_next) {
        origin = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
        if (origin < 0)
            break;
        ((struct sockaddr_in *)one->ai_addr)->sin_port = (in_port_t)atoi(port);
        setsockopt(origin, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(origin, one->ai_addr, one->ai_addrlen) < 0) {
            // With SO_SNDTIMEO a connect that takes too long says EINPROGRESS.
            *status = errno == EINPROGRESS || errno == ETIMEDOUT ? "504 Gateway Timeout" : "502 Bad Gateway";
            close(origin);
            origin = -1;
        }
    }
    freeaddrinfo(all);
    return origin;
}

static void relay(int origin, int client) {
    char buffer[16384];
    int begun = 0, limit = (int)(patience.tv_sec * 1000 + patience.tv_usec / 1000);
    for (;;) {
        // Of the client only what nobody has to ask for: that its connection is gone.
        struct pollfd both[2] = {{.fd = origin, .events = POLLIN}, {.fd = client}};
        int ready;
        do
            ready = poll(both, 2, limit);
        while (ready < 0 && errno == EINTR);
        if (both[1].revents)
            return;
        ssize_t count = ready > 0 ? receive(origin, buffer, sizeof buffer) : -1;
        if (count <= 0) {
            if (!begun)
                answer(client, ready == 0 ? "504 Gateway Timeout" : "502 Bad Gateway");
            return;
        }
        if (send_all(client, buffer, (size_t)count) < 0)
            return;
        begun = 1;
    }
}

static void ask(int client, char *path, const char *host, const char *port, const char *headers) {
    const char *status;
    int origin = reach(host, port, &status);
    if (origin < 0)
        return answer(client, status);
    FILE *request = fdopen(dup(origin), "w");
    int is_default = strcmp(port, "80") == 0;
    fprintf(request, "GET %s HTTP/1.1\r\nHost: %s%s%s\r\n", path, host, is_default ? "" : ":", is_default ? "" : port);
    for (const char *line = headers; *line && *line != '\r'; line = strstr(line, "\r\n") + 2) {
        size_t length = strcspn(line, "\r");
        if (!is_kept_back(headers, line, strcspn(line, ":")))
            fprintf(request, "%.*s\r\n", (int)length, line);
    }
    fprintf(request, "Via: 1.1 c-proxy\r\nConnection: close\r\n\r\n");
    fclose(request);
    relay(origin, client);
    close(origin);
}

static void serve(int client) {
    char *head = read_head(client);
    if (!head)
        return;
    char *headers = strstr(head, "\r\n");
    *headers = '\0';
    headers += 2;
    char method[32], target[8192], host[512] = "", path[8192];
    int end = 0;
    if (sscanf(head, "%31s %8191s HTTP/1.%*[01]%n", method, target, &end) < 2 || end == 0 || head[end]) {
        answer(client, "400 Bad Request");
    } else if (strcmp(method, "GET") != 0) {
        answer(client, "501 Not Implemented");
    } else if (sscanf(target, "http://%511[^/?#]%8191[^#]", host, path + 1) < 1) {
        answer(client, "400 Bad Request");
    } else {
        path[0] = '/';
        char *rest = target + 7 + strlen(host);
        char *asked = *rest == '/' ? rest : path;
        if (*rest == '\0' || *rest == '#')
            path[1] = '\0';
        asked[strcspn(asked, "#")] = '\0';
        char *port = strchr(host, ':');
        if (port)
            *port++ = '\0';
        else
            port = "80";
        char *behind;
        unsigned long number = strtoul(port, &behind, 10);
        if (*host == '\0' || !isdigit((unsigned char)*port) || *behind || number == 0 || number > 65535)
            answer(client, "400 Bad Request");
        else
            ask(client, asked, host, port, headers);
    }
    free(head);
}

static void *work(void *argument) {
    int client = (int)(intptr_t)argument;
    serve(client);
    // What is still unread would make an RST of the FIN, and cost the client its answer.
    shutdown(client, SHUT_WR);
    struct timeval second = {.tv_sec = 1};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
    char rest[4096];
    for (int reads = 0; reads < 64 && receive(client, rest, sizeof rest) > 0; reads++)
        ;
    close(client);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2 && !(argc == 4 && strcmp(argv[2], "--timeout") == 0)) {
        fprintf(stderr, "usage: proxy PORT [--timeout SECONDS]\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0' || port > 65535) {
        fprintf(stderr, "proxy: %s is no port\n", argv[1]);
        return 1;
    }
    if (argc == 4) {
        double seconds = strtod(argv[3], &end);
        if (end == argv[3] || *end != '\0' || !(seconds > 0 && seconds < 1e6)) {
            fprintf(stderr, "proxy: %s is no time\n", argv[3]);
            return 1;
        }
        patience.tv_sec = (time_t)seconds;
        patience.tv_usec = (suseconds_t)((seconds - (double)patience.tv_sec) * 1e6);
    }
    signal(SIGPIPE, SIG_IGN);

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0)
        return failed("socket");
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, SOMAXCONN) < 0)
        return failed("listen");
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0 && (errno == EINTR || errno == ECONNABORTED))
            continue;
        if (client < 0)
            return failed("accept");
        pthread_t thread;
        if (pthread_create(&thread, &detached, work, (void *)(intptr_t)client) != 0)
            close(client);
    }
}
