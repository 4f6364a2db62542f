/* client get: one HTTP/1.0 exchange. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "client.h"

enum { HEAD_MAX = 65536 };

/* Reads until the empty line. Returns the head's length, terminated at its empty line; *total is what was read. */
static size_t read_head(int fd, char *head, size_t *total)
{
    *total = 0;
    for (;;) {
        char *end = memmem(head, *total, "\r\n\r\n", 4);
        if (end != NULL) {
            *end = '\0';
            return (size_t)(end - head) + 4;
        }
        if (*total == HEAD_MAX)
            die(1, "bad response");
        ssize_t count = read_some(fd, head + *total, HEAD_MAX - *total);
        if (count < 0 && errno == ECONNRESET)
            die(1, "reset");
        if (count <= 0)
            die(1, "bad response");
        *total += (size_t)count;
    }
}

/* Content-Length, or -1. */
static long long length_of(const char *head)
{
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            return atoll(line + 15);
    }
    return -1;
}

int get(const char *url)
{
    static char head[HEAD_MAX + 1], buffer[65536];
    char host[256], port[6] = "80", request[8192];
    if (strncmp(url, "http://", 7) != 0)
        die(1, "not an http URL");
    const char *start = url + 7, *path = start + strcspn(start, "/?#");
    const char *colon = memchr(start, ':', (size_t)(path - start));
    size_t length = (size_t)((colon ? colon : path) - start);
    if (length == 0 || length >= sizeof host)
        die(1, "not a host");
    snprintf(host, sizeof host, "%.*s", (int)length, start);
    if (colon != NULL) {
        char *end;
        long number = strtol(colon + 1, &end, 10);
        if (end != path || number < 1 || number > 65535)
            die(1, "not a port");
        snprintf(port, sizeof port, "%ld", number);
    }
    int default_port = strcmp(port, "80") == 0;
    int size = snprintf(request, sizeof request, "GET %s%.*s HTTP/1.0\r\nHost: %s%s%s\r\n\r\n", *path == '/' ? "" : "/",
                        (int)strcspn(path, "#"), path, host, default_port ? "" : ":", default_port ? "" : port);
    if (size < 0 || (size_t)size >= sizeof request)
        die(1, "URL too long");

    int fd = connect_or_die(host, port, 5);
    if (write_all(fd, request, (size_t)size) != 0 && errno != EPIPE && errno != ECONNRESET)
        die(1, strerror(errno));

    size_t total, body = read_head(fd, head, &total);
    int status;
    if (sscanf(head, "HTTP/%*d.%*d %3d", &status) != 1)
        die(1, "bad response");
    if (status < 200 || status > 299) {
        head[strcspn(head, "\r\n")] = '\0';
        die(1, head);
    }

    long long left = length_of(head);
    int told = left >= 0;
    char *piece = head + body;
    ssize_t count = (ssize_t)(total - body);
    for (;;) {
        if (told && count > left)
            count = (ssize_t)left;
        if (write_all(STDOUT_FILENO, piece, (size_t)count) != 0)
            die(1, "no room for the page");
        left -= count;
        if (told && left == 0)
            break;
        piece = buffer;
        count = read_some(fd, buffer, sizeof buffer);
        if (count < 0)
            die(1, "reset");
        if (count == 0 && told)
            die(1, "truncated");
        if (count == 0)
            break;
    }
    close(fd);
    return 0;
}
