// One client after another, a process for each, a thread for each. Children are collected in the loop around accept, before
// the next client is taken.

#include "concurrent.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_ulong hits;
static sem_t room;
static int limited;

static int failed(const char *call) {
    fprintf(stderr, "concurrent: %s: %s\n", call, strerror(errno));
    return 1;
}

static int next_client(int listener) {
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 || (errno != EINTR && errno != ECONNABORTED))
            return client;
    }
}

static int iterative(int listener) {
    for (;;) {
        int client = next_client(listener);
        if (client < 0)
            return failed("accept");
        converse(client, &hits);
        close(client);
    }
}

// As if there were something to write down on a slow disk.
static void pause_a_moment(void) {
    usleep(5000);
}

static int process(int listener, unsigned long max) {
    unsigned long children = 0;
    for (;;) {
        int client = next_client(listener);
        if (client < 0)
            return failed("accept");
        // The client is accepted already, and waits here when there is no room.
        while (children > 0 && waitpid(-1, NULL, max && children >= max ? 0 : WNOHANG) > 0)
            children--;
        pid_t child = fork();
        if (child == 0) {
            close(listener);
            converse(client, &hits);
            pause_a_moment();
            close(client);
            pause_a_moment();
            _exit(0);
        }
        if (child > 0)
            children++;
        pause_a_moment();
        close(client);
    }
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument;
    converse(client, &hits);
    pause_a_moment();
    close(client);
    pause_a_moment();
    if (limited)
        sem_post(&room);
    return NULL;
}

static int thread(int listener) {
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    for (;;) {
        while (limited && sem_wait(&room) < 0)
            ;
        int client = next_client(listener);
        if (client < 0)
            return failed("accept");
        pthread_t thread;
        if (pthread_create(&thread, &detached, serve, (void *)(intptr_t)client) != 0) {
            close(client);
            if (limited)
                sem_post(&room);
        }
    }
}

static int number(const char *text, unsigned long most, unsigned long *value) {
    char *end;
    *value = strtoul(text, &end, 10);
    return end != text && *end == '\0' && *value <= most;
}

static int misused(void) {
    fprintf(stderr, "usage: concurrent iterative|process|thread PORT [--max N]\n");
    return 2;
}

int main(int argc, char **argv) {
    unsigned long port, max = 0;
    if ((argc != 3 && argc != 5) || (argc == 5 && strcmp(argv[3], "--max") != 0))
        return misused();
    if (!number(argv[2], 65535, &port) || (argc == 5 && (!number(argv[4], 10000, &max) || max == 0)))
        return misused();
    if (strcmp(argv[1], "iterative") && strcmp(argv[1], "process") && strcmp(argv[1], "thread"))
        return misused();

    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0)
        return failed("socket");
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, 64) < 0)
        return failed("listen");
    fprintf(stderr, "listening on 0.0.0.0:%lu\n", port);

    limited = max > 0;
    sem_init(&room, 0, (unsigned)max);
    switch (argv[1][0]) {
    case 'i':
        return iterative(listener);
    case 'p':
        return process(listener, max);
    default:
        return thread(listener);
    }
}
