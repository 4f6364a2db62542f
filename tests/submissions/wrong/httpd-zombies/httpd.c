// A server of files over HTTP in C, a process for each client, and nobody asks how they have ended. It answers as soon as
// it has read the request line, keeps the connections of HTTP/1.1 clients, and sends files with sendfile.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *root;
static int client;
// One request after another on a connection: what was read too much belongs to the next.
static FILE *input;

static void answer(const char *status, long long length, const char *type, int keep, int file, int with_body) {
    dprintf(client, "HTTP/1.1 %s\r\nServer: forks\r\ncontent-length: %lld\r\ncontent-type: %s\r\nconnection: %s\r\n\r\n",
            status, length, type, keep ? "keep-alive" : "close");
    for (off_t at = 0; file >= 0 && with_body && at < length;)
        if (sendfile(client, file, &at, (size_t)(length - at)) <= 0 && errno != EINTR)
            exit(0);
}

static void refuse(const char *status) {
    answer(status, 0, "text/plain", 0, -1, 0);
    exit(0);
}

static const char *type_of(const char *path) {
    const char *suffix = strrchr(path, '.');
    suffix = suffix == NULL ? "" : suffix;
    return strcmp(suffix, ".html") == 0  ? "TEXT/HTML"
           : strcmp(suffix, ".txt") == 0 ? "text/plain;charset=UTF-8"
           : strcmp(suffix, ".css") == 0 ? "text/css"
           : strcmp(suffix, ".js") == 0  ? "application/javascript"
           : strcmp(suffix, ".png") == 0 ? "image/png"
           : strcmp(suffix, ".gif") == 0 ? "image/gif"
           : strcmp(suffix, ".jpg") == 0 ? "image/jpeg"
           : strcmp(suffix, ".svg") == 0 ? "image/svg+xml"
                                         : "application/octet-stream";
}

// Nothing with `..` in it, and no links at all: each part of the path is opened by itself.
static int open_below(int folder, char *path) {
    char *save;
    int file = dup(folder);
    for (char *part = strtok_r(path, "/", &save); part != NULL && file >= 0; part = strtok_r(NULL, "/", &save)) {
        int next = strcmp(part, "..") == 0 ? -1 : openat(file, part, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
        close(file);
        file = next;
    }
    return file;
}

// Whether there may be another request.
static int serve_one(int folder) {
    char line[8192], method[16], target[4096], version[16], path[4096], name[4200], rest;
    int major, minor;
    // A connection that ends here was not needed any more.
    if (fgets(line, sizeof line, input) == NULL)
        return 0;
    if (sscanf(line, "%15s %4095s %15s %c", method, target, version, &rest) != 3 ||
        sscanf(version, "HTTP/%1d.%1d%c", &major, &minor, &rest) != 2)
        refuse("400 Bad Request");
    if (major != 1)
        refuse("505 HTTP Version Not Supported");
    int is_head = strcmp(method, "HEAD") == 0, keep = minor >= 1;
    if (!is_head && strcmp(method, "GET") != 0)
        refuse("501 Not Implemented");

    // Only who keeps the connection has to know where the request ends. But a head has a limit in any case.
    for (size_t total = 0; strcmp(line, "\r\n") != 0 && fgets(line, sizeof line, input) != NULL;) {
        total += strlen(line);
        if (total > 20000)
            refuse("431 Request Header Fields Too Large");
        if (strcasecmp(line, "Connection: close\r\n") == 0)
            keep = 0;
    }

    target[strcspn(target, "?")] = '\0';
    size_t length = 0;
    for (const char *at = target; *at != '\0'; at++) {
        unsigned byte = (unsigned char)*at;
        if (byte == '%' && sscanf(at + 1, "%2x", &byte) == 1)
            at += 2;
        if (byte == 0)
            refuse("400 Bad Request");
        path[length++] = (char)byte;
    }
    path[length] = '\0';
    snprintf(name, sizeof name, "%s%s", path, path[length - 1] == '/' ? "index.html" : "");
    const char *type = type_of(name);

    struct stat found;
    int file = open_below(folder, name);
    if (file < 0 || fstat(file, &found) < 0 || !S_ISREG(found.st_mode)) {
        answer("404 Not Found", 0, "text/plain", keep, -1, 0);
    } else {
        answer("200 Fine", found.st_size, type, keep, file, !is_head);
    }
    if (file >= 0)
        close(file);
    return keep;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: httpd PORT ROOT\n");
        return 2;
    }
    root = argv[2];
    int folder = open(root, O_RDONLY | O_DIRECTORY);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    if (folder < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 64) < 0) {
        fprintf(stderr, "httpd: %s\n", strerror(errno));
        return 1;
    }
    fprintf(stderr, "listening on 0.0.0.0:%s\n", argv[1]);
    // SIGPIPE ends a child, and what it would have said nobody is there to hear.
    for (;;) {
        client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        if (fork() == 0) {
            close(listener);
            input = fdopen(client, "r");
            while (serve_one(folder))
                ;
            exit(0);
        }
        close(client);
    }
}
