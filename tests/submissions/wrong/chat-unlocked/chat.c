// A thread for each client, which writes to all the others itself. The table is locked, the connections are not.

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 256, LINE = 1024, NAME = 16 };

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static int used[CLIENTS];
static char names[CLIENTS][NAME + 1]; // by descriptor

static void send_all(int fd, const char *bytes, size_t left) {
    while (left > 0) {
        ssize_t taken = send(fd, bytes, left, MSG_NOSIGNAL);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return;
        bytes += taken;
        left -= (size_t)taken;
    }
}

static void answer(int fd, const char *line) {
    send_all(fd, line, strlen(line));
}

static void tell_others(int from, const char *line) {
    int others[CLIENTS], count = 0;
    pthread_mutex_lock(&table);
    for (int fd = 0; fd < CLIENTS; fd++)
        if (fd != from && used[fd] && names[fd][0] != '\0')
            others[count++] = fd;
    pthread_mutex_unlock(&table);
    for (int i = 0; i < count; i++)
        answer(others[i], line);
}

static int is_name(const char *name) {
    size_t length = strlen(name);
    return 1 <= length && length <= NAME &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

static void take_name(int me, const char *name) {
    char line[64];
    int taken = 0;
    if (!is_name(name)) {
        answer(me, "ERR bad nick\n");
        return;
    }
    pthread_mutex_lock(&table);
    for (int fd = 0; fd < CLIENTS; fd++)
        taken |= used[fd] && strcmp(names[fd], name) == 0;
    if (!taken)
        strcpy(names[me], name);
    pthread_mutex_unlock(&table);
    answer(me, taken ? "ERR nick taken\n" : "OK\n");
    snprintf(line, sizeof line, "* %s joined\n", name);
    if (!taken)
        tell_others(me, line);
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(a, b);
}

static void list_names(int me) {
    char all[CLIENTS][NAME + 1], line[CLIENTS * (NAME + 1) + 8] = "OK";
    int count = 0;
    pthread_mutex_lock(&table);
    for (int fd = 0; fd < CLIENTS; fd++)
        if (used[fd] && names[fd][0] != '\0')
            strcpy(all[count++], names[fd]);
    pthread_mutex_unlock(&table);
    qsort(all, (size_t)count, sizeof all[0], by_bytes);
    for (int i = 0; i < count; i++)
        strcat(strcat(line, " "), all[i]);
    answer(me, strcat(line, "\n"));
}

static int obey(int me, const char *line) {
    char said[NAME + LINE + 8];
    if (strcmp(line, "QUIT") == 0) {
        answer(me, "bye\n");
        return 0;
    }
    if (strncmp(line, "NICK ", 5) == 0) {
        take_name(me, line + 5);
    } else if (names[me][0] == '\0') {
        answer(me, "ERR nick first\n");
    } else if (strncmp(line, "SAY ", 4) == 0) {
        snprintf(said, sizeof said, "%s: %s\n", names[me], line + 4);
        tell_others(me, said);
    } else if (strcmp(line, "WHO") == 0) {
        list_names(me);
    } else {
        answer(me, "ERR unknown command\n");
    }
    return 1;
}

static void *serve(void *argument) {
    int me = (int)(intptr_t)argument, stays = 1;
    char line[LINE + 1], bytes[4096], news[64];
    size_t length = 0;
    while (stays) {
        ssize_t count = recv(me, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        for (ssize_t i = 0; i < count && stays; i++) {
            if (bytes[i] == '\n') {
                line[length] = '\0';
                length = 0;
                stays = obey(me, line);
            } else if (length == LINE) {
                answer(me, "ERR line too long\n");
                stays = 0;
            } else {
                line[length++] = bytes[i];
            }
        }
    }
    pthread_mutex_lock(&table);
    int named = snprintf(news, sizeof news, "* %s left\n", names[me]) > 8;
    names[me][0] = '\0';
    used[me] = 0;
    pthread_mutex_unlock(&table);
    if (named)
        tell_others(me, news);
    close(me);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: chat PORT\n");
        return 2;
    }
    char *end;
    unsigned long port = strtoul(argv[1], &end, 10);
    if (*end != '\0' || port > 65535) {
        fprintf(stderr, "chat: bad port\n");
        return 2;
    }
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 100) < 0) {
        perror("chat");
        return 1;
    }
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0 || client >= CLIENTS)
            continue;
        pthread_mutex_lock(&table);
        used[client] = 1;
        pthread_mutex_unlock(&table);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)client) == 0)
            pthread_detach(thread);
    }
}
