// Lines in, lines out. The text of ECHO is printed, as a pattern.

#include "concurrent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LONGEST = 4096 };

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

static int say(int client, const char *text) {
    char line[64];
    int length = snprintf(line, sizeof line, "%s\n", text);
    return send_all(client, line, (size_t)length);
}

static int echo(int client, const char *bytes, size_t length) {
    char text[LONGEST + 1];
    memcpy(text, bytes, length);
    text[length] = '\0';
    return dprintf(client, text) >= 0;
}

// `line` has its newline, and `length` counts it. Gives back whether the conversation goes on.
static int answer(int client, const char *line, size_t length, atomic_ulong *hits) {
    size_t bare = length - 1;
    if (bare >= 5 && memcmp(line, "ECHO ", 5) == 0)
        return echo(client, line + 5, length - 5);
    if (bare == 3 && memcmp(line, "HIT", 3) == 0) {
        char number[32];
        snprintf(number, sizeof number, "%lu", atomic_fetch_add(hits, 1) + 1);
        return say(client, number) == 0;
    }
    if (bare == 5 && memcmp(line, "CRASH", 5) == 0)
        abort();
    if (bare == 3 && memcmp(line, "BYE", 3) == 0) {
        say(client, "bye");
        return 0;
    }
    return say(client, "ERR unknown command") == 0;
}

void converse(int client, atomic_ulong *hits) {
    char buffer[LONGEST + 1];
    size_t filled = 0;
    for (;;) {
        ssize_t count = recv(client, buffer + filled, sizeof buffer - filled, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        filled += (size_t)count;
        char *begin = buffer, *end;
        while ((end = memchr(begin, '\n', filled)) != NULL) {
            size_t length = (size_t)(end - begin) + 1;
            if (!answer(client, begin, length, hits))
                return;
            begin += length;
            filled -= length;
        }
        memmove(buffer, begin, filled);
        if (filled == sizeof buffer) {
            say(client, "ERR line too long");
            return;
        }
    }
}
