// A relay point in C: one poll loop, a queue for each client, and the door for who lets too much wait. What had come of a
// line stays where it is when its client goes, and its place is the next one's.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 256, LINE = 1024, NAME = 16, MOST = 1 << 20 };

struct client {
    int fd; // -1: nobody
    char name[NAME + 1];
    char line[LINE + 1]; // what has come of a line, and room for its newline
    size_t length;
    char *queue;
    size_t waiting, room;
    int ending; // close when the queue is empty
    int broken;
};

static struct client clients[CLIENTS];

static void flush(struct client *client) {
    size_t done = 0;
    while (done < client->waiting && !client->broken) {
        ssize_t taken = send(client->fd, client->queue + done, client->waiting - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken >= 0)
            done += (size_t)taken;
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            break;
        else if (errno != EINTR)
            client->broken = 1;
    }
    memmove(client->queue, client->queue + done, client->waiting - done);
    client->waiting -= done;
    if (client->waiting > MOST)
        client->broken = 1;
}

static void queue(struct client *client, const char *bytes, size_t length) {
    if (client->waiting + length > client->room) {
        client->room = 2 * (client->waiting + length);
        client->queue = realloc(client->queue, client->room);
        if (client->queue == NULL)
            abort();
    }
    memcpy(client->queue + client->waiting, bytes, length);
    client->waiting += length;
}

static void answer(struct client *client, const char *line) {
    queue(client, line, strlen(line));
    flush(client);
}

static void tell_others(struct client *from, const char *bytes, size_t length) {
    for (struct client *to = clients; to < clients + CLIENTS; to++)
        if (to != from && to->fd >= 0 && to->name[0] != '\0' && !to->broken) {
            queue(to, bytes, length);
            flush(to);
        }
}

static void news(struct client *of, const char *name, const char *what) {
    char line[64];
    int length = snprintf(line, sizeof line, "* %s %s\n", name, what);
    tell_others(of, line, (size_t)length);
}

static void leave(struct client *client) {
    char name[NAME + 1];
    strcpy(name, client->name);
    client->name[0] = '\0';
    client->ending = 1;
    if (name[0] != '\0')
        news(client, name, "left");
}

static int is_name(const char *name, size_t length) {
    if (length < 1 || length > NAME)
        return 0;
    for (size_t i = 0; i < length; i++)
        if (memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", name[i], 64) == NULL)
            return 0;
    return 1;
}

static void take_name(struct client *client, const char *name, size_t length) {
    if (!is_name(name, length)) {
        answer(client, "ERR bad nick\n");
        return;
    }
    for (struct client *other = clients; other < clients + CLIENTS; other++)
        if (other->fd >= 0 && strlen(other->name) == length && memcmp(other->name, name, length) == 0) {
            answer(client, "ERR nick taken\n");
            return;
        }
    memcpy(client->name, name, length);
    client->name[length] = '\0';
    answer(client, "OK\n");
    news(client, client->name, "joined");
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_names(struct client *client) {
    char *names[CLIENTS], line[CLIENTS * (NAME + 1) + 8] = "OK";
    size_t count = 0;
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i].fd >= 0 && clients[i].name[0] != '\0')
            names[count++] = clients[i].name;
    qsort(names, count, sizeof names[0], by_bytes);
    for (size_t i = 0; i < count; i++) {
        strcat(line, " ");
        strcat(line, names[i]);
    }
    strcat(line, "\n");
    answer(client, line);
}

static int is(const char *line, size_t length, const char *word) {
    return length == strlen(word) && memcmp(line, word, length) == 0;
}

static int begins(const char *line, size_t length, const char *word) {
    return length >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

static void obey(struct client *client, const char *line, size_t length) {
    if (is(line, length, "QUIT")) {
        answer(client, "bye\n");
        leave(client);
    } else if (begins(line, length, "NICK ")) {
        take_name(client, line + 5, length - 5);
    } else if (client->name[0] == '\0') {
        answer(client, "ERR nick first\n");
    } else if (begins(line, length, "SAY ")) {
        char said[NAME + 2 + LINE + 1];
        size_t name = strlen(client->name);
        memcpy(said, client->name, name);
        memcpy(said + name, ": ", 2);
        memcpy(said + name + 2, line + 4, length - 4);
        said[name + 2 + length - 4] = '\n';
        tell_others(client, said, name + 2 + length - 4 + 1);
    } else if (is(line, length, "WHO")) {
        list_names(client);
    } else {
        answer(client, "ERR unknown command\n");
    }
}

static void hear(struct client *client) {
    char bytes[4096];
    ssize_t count = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (count <= 0) {
        client->broken = count < 0;
        leave(client);
        return;
    }
    for (ssize_t i = 0; i < count && !client->ending; i++) {
        if (bytes[i] == '\n') {
            obey(client, client->line, client->length);
            client->length = 0;
        } else if (client->length == LINE) {
            answer(client, "ERR line too long\n");
            leave(client);
        } else {
            client->line[client->length++] = bytes[i];
        }
    }
}

static void welcome(int listener) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0)
        return;
    for (struct client *client = clients; client < clients + CLIENTS; client++)
        if (client->fd < 0) {
            client->fd = fd;
            return;
        }
    close(fd);
}

static void serve(int listener) {
    struct pollfd polled[1 + CLIENTS];
    for (;;) {
        polled[0] = (struct pollfd){.fd = listener, .events = POLLIN};
        for (int i = 0; i < CLIENTS; i++) {
            short events = (clients[i].ending ? 0 : POLLIN) | (clients[i].waiting > 0 ? POLLOUT : 0);
            polled[1 + i] = (struct pollfd){.fd = clients[i].fd, .events = events};
        }
        if (poll(polled, 1 + CLIENTS, -1) < 0)
            continue;
        for (int i = 0; i < CLIENTS; i++) {
            struct client *client = &clients[i];
            if (client->fd < 0 || polled[1 + i].revents == 0)
                continue;
            if (polled[1 + i].revents & POLLOUT)
                flush(client);
            if (client->ending)
                client->broken |= (polled[1 + i].revents & (POLLERR | POLLHUP)) != 0;
            else if (polled[1 + i].revents & ~POLLOUT)
                hear(client);
        }
        // Who leaves makes news, and news can break somebody else's connection.
        for (int again = 1; again;) {
            again = 0;
            for (struct client *client = clients; client < clients + CLIENTS; client++)
                if (client->fd >= 0 && (client->broken || (client->ending && client->waiting == 0))) {
                    leave(client);
                    close(client->fd);
                    free(client->queue);
                    client->fd = -1;
                    client->queue = NULL;
                    client->waiting = client->room = 0;
                    client->ending = client->broken = 0;
                    again = 1;
                }
        }
        if (polled[0].revents != 0)
            welcome(listener);
    }
}

static int failed(const char *call) {
    fprintf(stderr, "chat: %s: %s\n", call, strerror(errno));
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: chat PORT\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (end == argv[1] || *end != '\0' || port > 65535) {
        fprintf(stderr, "chat: %s is no port\n", argv[1]);
        return 1;
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (listener < 0)
        return failed("socket");
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return failed("setsockopt");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, 64) < 0)
        return failed("listen");
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);
    for (int i = 0; i < CLIENTS; i++)
        clients[i].fd = -1;
    serve(listener);
}
