// The same contract in another manner: places for 256 clients with their buffers are there from the start; a handler without
// SA_RESTART collects children; threads are joined by one that does nothing else; answers leave together, many in one send.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 256, LONGEST = 4096, INPUT = 16384, OUTPUT = 65536 };

struct slot {
    int client;
    int next; // in the list that it is on, -1 at its end
    pthread_t thread;
    char input[INPUT];
    char output[OUTPUT];
    size_t filled, pending;
};

static struct slot slots[SLOTS];
static int vacant = -1, ended = -1;
static int busy, most = SLOTS;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;
static unsigned long hits;
static volatile sig_atomic_t children;

static int failed(const char *call) {
    fprintf(stderr, "concurrent: %s: %s\n", call, strerror(errno));
    return 1;
}

// ---- One conversation ----

static int flush(struct slot *slot) {
    const char *bytes = slot->output;
    while (slot->pending > 0) {
        ssize_t taken = write(slot->client, bytes, slot->pending);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return -1;
        bytes += taken;
        slot->pending -= (size_t)taken;
    }
    return 0;
}

static int say(struct slot *slot, const char *text, size_t length) {
    if (slot->pending + length + 1 > OUTPUT && flush(slot) < 0)
        return -1;
    memcpy(slot->output + slot->pending, text, length);
    slot->output[slot->pending + length] = '\n';
    slot->pending += length + 1;
    return 0;
}

static int is(const char *line, size_t length, const char *command) {
    return length == strlen(command) && memcmp(line, command, length) == 0;
}

// 0 when the conversation is over.
static int answer(struct slot *slot, const char *line, size_t length) {
    if (length > LONGEST) {
        say(slot, "ERR line too long", 17);
        return 0;
    }
    if (is(line, length, "HIT")) {
        char number[32];
        pthread_mutex_lock(&counting);
        unsigned long mine = ++hits;
        pthread_mutex_unlock(&counting);
        return say(slot, number, (size_t)snprintf(number, sizeof number, "%lu", mine)) == 0;
    }
    if (length >= 5 && memcmp(line, "ECHO ", 5) == 0)
        return say(slot, line + 5, length - 5) == 0;
    if (is(line, length, "CRASH")) {
        flush(slot);
        raise(SIGSEGV);
    }
    if (is(line, length, "BYE")) {
        say(slot, "bye", 3);
        return 0;
    }
    return say(slot, "ERR unknown command", 19) == 0;
}

static void converse(struct slot *slot) {
    slot->filled = slot->pending = 0;
    for (int goes_on = 1; goes_on;) {
        ssize_t count = read(slot->client, slot->input + slot->filled, INPUT - slot->filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        slot->filled += (size_t)count;
        size_t begin = 0;
        char *end;
        while (goes_on && (end = memchr(slot->input + begin, '\n', slot->filled - begin))) {
            size_t length = (size_t)(end - (slot->input + begin));
            goes_on = answer(slot, slot->input + begin, length);
            begin += length + 1;
        }
        slot->filled -= begin;
        memmove(slot->input, slot->input + begin, slot->filled);
        if (goes_on && slot->filled > LONGEST)
            goes_on = answer(slot, slot->input, slot->filled);
        if (flush(slot) < 0)
            return;
    }
}

// ---- The modes ----

static int next_client(int listener) {
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0 || (errno != EINTR && errno != ECONNABORTED))
            return client;
    }
}

static int iterative(int listener) {
    while ((slots[0].client = next_client(listener)) >= 0) {
        converse(&slots[0]);
        close(slots[0].client);
    }
    return failed("accept");
}

static void collect(int signal) {
    int before = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        children--;
    errno = before;
    (void)signal;
}

static int process(int listener) {
    struct sigaction action = {.sa_handler = collect};
    sigaction(SIGCHLD, &action, NULL);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    for (;;) {
        int client = next_client(listener);
        if (client < 0)
            return failed("accept");
        sigprocmask(SIG_BLOCK, &blocked, &before);
        while (children >= most)
            sigsuspend(&before);
        pid_t child = fork();
        if (child == 0) {
            sigprocmask(SIG_SETMASK, &before, NULL);
            close(listener);
            slots[0].client = client;
            converse(&slots[0]);
            exit(0);
        }
        if (child > 0)
            children++;
        sigprocmask(SIG_SETMASK, &before, NULL);
        close(client);
    }
}

static void *serve(void *argument) {
    struct slot *slot = argument;
    converse(slot);
    close(slot->client);
    pthread_mutex_lock(&lock);
    slot->next = ended;
    ended = (int)(slot - slots);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *join_them(void *unused) {
    pthread_mutex_lock(&lock);
    for (;;) {
        while (ended < 0)
            pthread_cond_wait(&changed, &lock);
        struct slot *slot = &slots[ended];
        ended = slot->next;
        pthread_mutex_unlock(&lock);
        pthread_join(slot->thread, NULL);
        pthread_mutex_lock(&lock);
        slot->next = vacant;
        vacant = (int)(slot - slots);
        busy--;
        pthread_cond_broadcast(&changed);
    }
    return unused;
}

static int thread(int listener) {
    pthread_t joiner;
    if ((errno = pthread_create(&joiner, NULL, join_them, NULL)) != 0)
        return failed("pthread_create");
    for (;;) {
        pthread_mutex_lock(&lock);
        while (vacant < 0 || busy >= most)
            pthread_cond_wait(&changed, &lock);
        struct slot *slot = &slots[vacant];
        vacant = slot->next;
        busy++;
        pthread_mutex_unlock(&lock);
        slot->client = next_client(listener);
        if (slot->client < 0)
            return failed("accept");
        if ((errno = pthread_create(&slot->thread, NULL, serve, slot)) != 0)
            return failed("pthread_create");
    }
}

// ---- The door ----

static int number(const char *text, long least, long greatest, long *value) {
    char *end;
    *value = strtol(text, &end, 10);
    return end != text && *end == '\0' && *value >= least && *value <= greatest;
}

int main(int argc, char **argv) {
    int (*mode)(int) = NULL;
    if (argc == 3 || argc == 5) {
        if (strcmp(argv[1], "iterative") == 0)
            mode = iterative;
        else if (strcmp(argv[1], "process") == 0)
            mode = process;
        else if (strcmp(argv[1], "thread") == 0)
            mode = thread;
    }
    if (mode == NULL || (argc == 5 && strcmp(argv[3], "--max") != 0)) {
        fputs("usage: concurrent iterative|process|thread PORT [--max N]\n", stderr);
        return 2;
    }
    long port, max = SLOTS;
    if (!number(argv[2], 0, 65535, &port) || (argc == 5 && !number(argv[4], 1, 1000000, &max))) {
        fputs("concurrent: that is not a number I can use\n", stderr);
        return 1;
    }
    if (max < SLOTS)
        most = (int)max;
    for (int i = SLOTS - 1; i >= 0; i--) {
        memset(&slots[i], 0, sizeof slots[i]);
        slots[i].next = vacant;
        vacant = i;
    }
    signal(SIGPIPE, SIG_IGN);

    int on = 1, off = 0;
    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_any};
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0)
        return failed("socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        return failed("bind");
    if (listen(listener, SOMAXCONN) < 0)
        return failed("listen");
    fprintf(stderr, "listening on [::]:%ld\n", port);
    return mode(listener);
}
