// A relay point in C: two threads for each client, one that reads and one that writes, with a queue between it and the
// others. Nobody is ever dropped for being slow: its queue grows.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINE = 1024, NAME = 16 };

struct piece {
    struct piece *next;
    size_t length;
    char bytes[];
};

struct client {
    struct client *next;
    int fd;
    char name[NAME + 1];
    struct piece *first, **last;
    int ending, broken;
    pthread_cond_t filled;
};

// Over the list, all names, all queues. Never held while somebody reads or writes.
static pthread_mutex_t room = PTHREAD_MUTEX_INITIALIZER;
static struct client *clients;

// With the room locked.
static void queue(struct client *client, const char *bytes, size_t length) {
    struct piece *piece = malloc(sizeof *piece + length);
    if (piece == NULL)
        abort();
    piece->next = NULL;
    piece->length = length;
    memcpy(piece->bytes, bytes, length);
    *client->last = piece;
    client->last = &piece->next;
    pthread_cond_signal(&client->filled);
}

static void answer(struct client *client, const char *line) {
    pthread_mutex_lock(&room);
    queue(client, line, strlen(line));
    pthread_mutex_unlock(&room);
}

static void tell_others(struct client *from, const char *bytes, size_t length) {
    pthread_mutex_lock(&room);
    for (struct client *to = clients; to != NULL; to = to->next)
        if (to != from && to->name[0] != '\0')
            queue(to, bytes, length);
    pthread_mutex_unlock(&room);
}

static void news(struct client *of, const char *name, const char *what) {
    char line[64];
    int length = snprintf(line, sizeof line, "* %s %s\n", name, what);
    tell_others(of, line, (size_t)length);
}

static void leave(struct client *client) {
    char name[NAME + 1];
    pthread_mutex_lock(&room);
    strcpy(name, client->name);
    client->name[0] = '\0';
    client->ending = 1;
    pthread_cond_signal(&client->filled);
    pthread_mutex_unlock(&room);
    if (name[0] != '\0')
        news(client, name, "left");
}

static void take_name(struct client *client, const char *name) {
    size_t length = strlen(name);
    if (length < 1 || length > NAME ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != length) {
        answer(client, "ERR bad nick\n");
        return;
    }
    int taken = 0;
    pthread_mutex_lock(&room);
    for (struct client *other = clients; other != NULL; other = other->next)
        taken |= strcmp(other->name, name) == 0;
    if (!taken)
        strcpy(client->name, name);
    pthread_mutex_unlock(&room);
    answer(client, taken ? "ERR nick taken\n" : "OK\n");
    // Not in one go with the above: others may come and speak in between.
    if (!taken)
        news(client, name, "joined");
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_names(struct client *client) {
    pthread_mutex_lock(&room);
    size_t count = 0;
    for (struct client *other = clients; other != NULL; other = other->next)
        count += other->name[0] != '\0';
    char **names = malloc((count + 1) * sizeof *names), *line = malloc(count * (NAME + 1) + 8);
    if (names == NULL || line == NULL)
        abort();
    count = 0;
    for (struct client *other = clients; other != NULL; other = other->next)
        if (other->name[0] != '\0')
            names[count++] = other->name;
    qsort(names, count, sizeof names[0], by_bytes);
    char *end = stpcpy(line, "OK");
    for (size_t i = 0; i < count; i++)
        end += sprintf(end, " %s", names[i]);
    end = stpcpy(end, "\n");
    queue(client, line, (size_t)(end - line));
    pthread_mutex_unlock(&room);
    free(names);
    free(line);
}

// What comes without a newline has been cut off; `line` ends with a zero. Returns whether the client stays.
static int obey(struct client *client, const char *line) {
    if (strcmp(line, "QUIT") == 0) {
        answer(client, "bye\n");
        return 0;
    }
    if (strncmp(line, "NICK ", 5) == 0) {
        take_name(client, line + 5);
    } else if (client->name[0] == '\0') { // only this thread writes it
        answer(client, "ERR nick first\n");
    } else if (strncmp(line, "SAY ", 4) == 0) {
        char said[NAME + LINE + 8];
        int length = snprintf(said, sizeof said, "%s: %s\n", client->name, line + 4);
        tell_others(client, said, (size_t)length);
    } else if (strcmp(line, "WHO") == 0) {
        list_names(client);
    } else {
        answer(client, "ERR unknown command\n");
    }
    return 1;
}

static void *writer(void *argument) {
    struct client *client = argument;
    pthread_mutex_lock(&room);
    for (;;) {
        while (client->first == NULL && !client->ending)
            pthread_cond_wait(&client->filled, &room);
        if (client->first == NULL)
            break;
        struct piece *piece = client->first;
        client->first = piece->next;
        if (client->first == NULL)
            client->last = &client->first;
        pthread_mutex_unlock(&room);
        for (size_t done = 0; done < piece->length && !client->broken;) {
            ssize_t taken = send(client->fd, piece->bytes + done, piece->length - done, MSG_NOSIGNAL);
            if (taken >= 0)
                done += (size_t)taken;
            else if (errno != EINTR)
                client->broken = 1; // the reader sees the end, too
        }
        free(piece);
        pthread_mutex_lock(&room);
    }
    pthread_mutex_unlock(&room);
    return NULL;
}

static void *reader(void *argument) {
    struct client *client = argument;
    pthread_t writes;
    if (pthread_create(&writes, NULL, writer, client) != 0)
        abort();
    char line[LINE + 1], bytes[512];
    size_t length = 0;
    for (int stays = 1; stays;) {
        ssize_t count = recv(client->fd, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            client->broken = 1;
        if (count <= 0)
            break;
        for (ssize_t i = 0; i < count && stays; i++) {
            if (bytes[i] == '\n') {
                line[length] = '\0';
                length = 0;
                stays = obey(client, line);
            } else if (length == LINE) {
                answer(client, "ERR line too long\n");
                stays = 0;
            } else {
                line[length++] = bytes[i];
            }
        }
    }
    leave(client);
    pthread_join(writes, NULL);
    pthread_mutex_lock(&room);
    struct client **at = &clients;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    pthread_mutex_unlock(&room);
    close(client->fd);
    while (client->first != NULL) {
        struct piece *piece = client->first;
        client->first = piece->next;
        free(piece);
    }
    pthread_cond_destroy(&client->filled);
    free(client);
    return NULL;
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
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (listener < 0)
        return failed("socket");
    if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return failed("setsockopt");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, SOMAXCONN) < 0)
        return failed("listen");
    fprintf(stderr, "listening on *:%lu\n", port);

    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        struct client *client = calloc(1, sizeof *client);
        if (client == NULL)
            abort();
        client->fd = fd;
        client->last = &client->first;
        pthread_cond_init(&client->filled, NULL);
        pthread_mutex_lock(&room);
        client->next = clients;
        clients = client;
        pthread_mutex_unlock(&room);
        pthread_t reads;
        if (pthread_create(&reads, &detached, reader, client) != 0)
            abort();
    }
}
