// A server of files over HTTP/1.0 in C, a thread for each client.

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define LONGEST_HEAD 16384

// Its real path, with a slash behind it.
static char root[PATH_MAX + 1];

static int failed(const char *call) {
    fprintf(stderr, "httpd: %s: %s\n", call, strerror(errno));
    return 1;
}

// All of it; -1 when the connection is gone.
static int write_all(int fd, const char *bytes, size_t left) {
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

static void send_head(int client, const char *status, long long length, const char *type) {
    char head[512];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.0 %s\r\nContent-Type: %s\r\nContent-Length: %lld\r\nConnection: close\r\n\r\n", status,
                        type, length);
    write_all(client, head, (size_t)size);
}

static void send_status(int client, const char *status, int with_body) {
    char body[128];
    int size = snprintf(body, sizeof body, "%s\n", status);
    send_head(client, status, size, "text/plain");
    if (with_body)
        write_all(client, body, (size_t)size);
}

// The length of the head, 0 at an end of file or an error, -1 when it is too long.
static ssize_t read_head(int client, char *head) {
    size_t filled = 0;
    for (;;) {
        ssize_t count = read(client, head + filled, LONGEST_HEAD - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return 0;
        // The end may have begun in the piece before.
        size_t from = filled < 3 ? 0 : filled - 3;
        filled += (size_t)count;
        char *end = memmem(head + from, filled - from, "\r\n\r\n", 4);
        if (end != NULL)
            return end - head;
        if (filled == LONGEST_HEAD)
            return -1;
    }
}

static int hex(char digit) {
    if (!isxdigit((unsigned char)digit))
        return -1;
    return isdigit((unsigned char)digit) ? digit - '0' : tolower((unsigned char)digit) - 'a' + 10;
}

// In place; -1 when it is no path.
static int decode(char *path) {
    char *to = path;
    for (const char *from = path; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = hex(from[1]), low = high < 0 ? -1 : hex(from[2]);
        if (low < 0 || high * 16 + low == 0)
            return -1;
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return 0;
}

static const char *type_of(const char *path) {
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"}, {".txt", "text/plain; charset=utf-8"}, {".css", "text/css"},
        {".js", "text/javascript"},            {".png", "image/png"},                 {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},               {".gif", "image/gif"},                 {".svg", "image/svg+xml"},
    };
    const char *suffix = strrchr(path, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(suffix, types[i][0]) == 0)
            return types[i][1];
    return "application/octet-stream";
}

// A descriptor, or -1 with the status that says why.
static int open_in_root(const char *path, struct stat *found, char *real, const char **status) {
    char name[PATH_MAX];
    int folder = path[strlen(path) - 1] == '/';
    *status = "404 Not Found";
    if (snprintf(name, sizeof name, "%s%s%s", root, path + 1, folder ? "index.html" : "") >= (int)sizeof name)
        return -1;
    if (realpath(name, real) == NULL)
        return -1;
    if (strncmp(real, root, strlen(root)) != 0) {
        *status = "403 Forbidden";
        return -1;
    }
    int file = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        *status = errno == EACCES ? "403 Forbidden" : "404 Not Found";
        return -1;
    }
    if (fstat(file, found) < 0 || !S_ISREG(found->st_mode)) {
        close(file);
        return -1;
    }
    return file;
}

static void send_file(int client, const char *path, int with_body) {
    struct stat found;
    char real[PATH_MAX];
    const char *status;
    int file = open_in_root(path, &found, real, &status);
    if (file < 0) {
        send_status(client, status, with_body);
        return;
    }
    send_head(client, "200 OK", found.st_size, type_of(real));
    char buffer[65536];
    ssize_t count;
    while (with_body && (count = read(file, buffer, sizeof buffer)) > 0)
        if (write_all(client, buffer, (size_t)count) < 0)
            break;
    close(file);
}

static void answer(int client, char *head) {
    // The request line, and its three words.
    head[strcspn(head, "\r\n")] = '\0';
    char *save, *method = strtok_r(head, " ", &save), *target = strtok_r(NULL, " ", &save);
    char *version = strtok_r(NULL, " ", &save);
    int major, minor, end = 0;
    if (version == NULL || strtok_r(NULL, " ", &save) != NULL ||
        sscanf(version, "HTTP/%1d.%1d%n", &major, &minor, &end) != 2 || version[end] != '\0') {
        send_status(client, "400 Bad Request", 1);
        return;
    }
    int is_get = strcmp(method, "GET") == 0;
    if (major != 1) {
        send_status(client, "505 HTTP Version Not Supported", 1);
    } else if (!is_get && strcmp(method, "HEAD") != 0) {
        send_status(client, "501 Not Implemented", 1);
    } else {
        target[strcspn(target, "?")] = '\0';
        if (target[0] != '/' || decode(target) < 0)
            send_status(client, "400 Bad Request", is_get);
        else
            send_file(client, target, is_get);
    }
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument;
    char head[LONGEST_HEAD + 1];
    ssize_t length = read_head(client, head);
    if (length > 0) {
        head[length] = '\0';
        answer(client, head);
    } else if (length < 0) {
        send_status(client, "431 Request Header Fields Too Large", 1);
    }
    // Reads away what was not asked for, so that close does not become a reset.
    struct timeval patience = {.tv_sec = 2};
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    shutdown(client, SHUT_WR);
    while (read(client, head, sizeof head) > 0)
        ;
    close(client);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: httpd PORT ROOT\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0' || port > 65535) {
        fprintf(stderr, "httpd: %s is no port\n", argv[1]);
        return 1;
    }
    if (realpath(argv[2], root) == NULL)
        return failed(argv[2]);
    strcat(root, "/");

    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (listener < 0)
        return failed("socket");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, 128) < 0)
        return failed("listen");
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);

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
