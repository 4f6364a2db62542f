/* Programs to look at, one for each word on the command line. Each says `ready PORT` (0 without a port) on stdout
 * right before it goes to sleep, or does whatever it does instead. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void check(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static void ready(int port) {
    printf("ready %d\n", port);
    fflush(stdout);
}

static char byte;

static void read_for_ever(int fd) {
    while (read(fd, &byte, 1) > 0) {}
}

/* A TCP socket on 127.0.0.1 and a port by chance. */
static int bound(int *port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    check(fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0, "bind");
    check(getsockname(fd, (struct sockaddr *)&address, &length) == 0, "getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

static int listening_on(int *port) {
    int fd = bound(port);
    check(listen(fd, 16) == 0, "listen");
    return fd;
}

static int listening(void) {
    int port, fd = listening_on(&port);
    ready(port);
    return fd;
}

static void time_out_after(int fd, int option, int seconds) {
    struct timeval time = {.tv_sec = seconds};
    check(setsockopt(fd, SOL_SOCKET, option, &time, sizeof time) == 0, "setsockopt");
}

static void on_signal(int number) { (void)number; }

static void *sleeper(void *fd) {
    read_for_ever((int)(long)fd);
    return NULL;
}

static pthread_t thread_on(int fd) {
    pthread_t thread;
    check(pthread_create(&thread, NULL, sleeper, (void *)(long)fd) == 0, "pthread_create");
    return thread;
}

/* A pipe that nobody writes to. */
static int silent_pipe(void) {
    int ends[2];
    check(pipe(ends) == 0, "pipe");
    return ends[0];
}

static void *burn(void *nothing) {
    for (;;) __asm__ volatile("");
    return nothing;
}

static long long now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

/* Processor time, in milliseconds, not time on the wall. */
static void *work(void *milliseconds) {
    long long end = now(CLOCK_THREAD_CPUTIME_ID) + (long)milliseconds * 1000;
    while (now(CLOCK_THREAD_CPUTIME_ID) < end) {}
    return NULL;
}

static void work_in_threads(int threads, long milliseconds) {
    pthread_t all[64];
    for (int i = 0; i < threads; i++) check(pthread_create(&all[i], NULL, work, (void *)milliseconds) == 0, "pthread_create");
    for (int i = 0; i < threads; i++) pthread_join(all[i], NULL);
}

static void echo(int fd) {
    while (read(fd, &byte, 1) == 1) check(write(fd, &byte, 1) == 1, "write");
    close(fd);
}

static void *echo_thread(void *fd) {
    echo((int)(long)fd);
    return NULL;
}

static void echo_by_epoll(int listener) {
    int set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
    while (epoll_wait(set, &event, 1, -1) == 1) {
        int fd = event.data.fd;
        if (fd == listener) {
            event.data.fd = accept(listener, NULL, NULL);
            epoll_ctl(set, EPOLL_CTL_ADD, event.data.fd, &event);
        } else if (read(fd, &byte, 1) == 1) {
            check(write(fd, &byte, 1) == 1, "write");
        } else {
            close(fd);
        }
    }
}

static void serve(const char *how) {
    int listener = listening();
    signal(SIGCHLD, SIG_IGN);
    if (!strcmp(how, "epoll")) echo_by_epoll(listener);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        pthread_t thread;
        if (!strcmp(how, "fork")) {
            if (fork() == 0) {
                echo(fd);
                _exit(0);
            }
            close(fd);
        } else if (!strcmp(how, "thread")) {
            check(pthread_create(&thread, NULL, echo_thread, (void *)(long)fd) == 0, "pthread_create");
        } else {
            echo(fd);
        }
    }
}

int main(int count, char **words) {
    const char *word = words[1], *argument = count > 2 ? words[2] : "";
    int port;
#define IS(name) (!strcmp(word, name))
    if (IS("accept")) {
        accept(listening(), NULL, NULL);
    } else if (IS("read")) {
        ready(0);
        read_for_ever(0);
    } else if (IS("odd-name")) {
        prctl(PR_SET_NAME, ") R 1 (x");
        ready(0);
        read_for_ever(0);
    } else if (IS("poll")) {
        struct pollfd fd = {.fd = 0, .events = POLLIN};
        ready(0);
        poll(&fd, 1, atoi(argument));
    } else if (IS("select")) {
        struct timeval time = {.tv_sec = 3600};
        fd_set set;
        FD_ZERO(&set);
        FD_SET(0, &set);
        ready(0);
        select(1, &set, NULL, NULL, *argument ? &time : NULL);
    } else if (IS("epoll")) {
        int set = epoll_create1(0);
        struct epoll_event event = {.events = EPOLLIN};
        epoll_ctl(set, EPOLL_CTL_ADD, 0, &event);
        ready(0);
        epoll_wait(set, &event, 1, atoi(argument));
    } else if (IS("nap")) {
        ready(0);
        for (;;) usleep(1000);
    } else if (IS("busy")) {
        ready(0);
        burn(NULL);
    } else if (IS("receive-timeout")) {
        int fd = listening_on(&port);
        time_out_after(fd, SO_RCVTIMEO, 3600);
        ready(port);
        accept(fd, NULL, NULL);
    } else if (IS("alarm")) {
        signal(SIGALRM, on_signal);
        alarm(3600);
        ready(0);
        read_for_ever(0);
    } else if (IS("sigwait")) {
        sigset_t set;
        int got;
        sigemptyset(&set);
        sigaddset(&set, SIGALRM);
        sigprocmask(SIG_BLOCK, &set, NULL);
        alarm(3600);
        ready(0);
        sigwait(&set, &got);
    } else if (IS("signalfd")) {
        sigset_t set;
        struct signalfd_siginfo info;
        sigemptyset(&set);
        sigaddset(&set, SIGALRM);
        sigprocmask(SIG_BLOCK, &set, NULL);
        alarm(3600);
        ready(0);
        check(read(signalfd(-1, &set, 0), &info, sizeof info) > 0, "read");
    } else if (IS("timer")) {
        timer_t timer;
        check(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0, "timer_create");
        ready(0);
        read_for_ever(0);
    } else if (IS("timerfd")) {
        int timer = timerfd_create(CLOCK_MONOTONIC, 0);
        struct itimerspec time = {.it_value.tv_sec = 3600};
        timerfd_settime(timer, 0, &time, NULL);
        ready(0);
        long long expirations;
        check(read(timer, &expirations, sizeof expirations) > 0, "read");
    } else if (IS("threads")) {
        pthread_t thread = thread_on(0);
        thread_on(silent_pipe());
        ready(0);
        pthread_join(thread, NULL);
    } else if (IS("main-thread-ends")) {
        thread_on(0);
        ready(0);
        pthread_exit(NULL);
    } else if (IS("tree")) {
        if (fork() == 0) {
            if (fork() == 0) pause();
            read_for_ever(silent_pipe());
        }
        ready(0);
        wait(NULL);
    } else if (IS("zombie")) {
        if (fork() == 0) _exit(0);
        /* The child has ended, and stays uncollected. */
        siginfo_t info;
        check(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0, "waitid");
        ready(0);
        read_for_ever(0);
    } else if (IS("bound")) {
        bound(&port);
        ready(port);
        pause();
    } else if (IS("netlink-and-accept")) {
        /* NETLINK_SOCK_DIAG; its number in place of a port */
        int fd = listening_on(&port);
        ready(socket(AF_NETLINK, SOCK_RAW, 4));
        accept(fd, NULL, NULL);
    } else if (IS("serve")) {
        serve(argument);
    } else if (IS("work")) {
        /* threads, milliseconds of work each, milliseconds of sleep before */
        ready(0);
        usleep(1000 * atoi(words[4]));
        work_in_threads(atoi(words[2]), atol(words[3]));
    } else if (IS("work-in-parts")) {
        /* so many milliseconds of work, a millisecond at a time, with naps of 2 ms between them */
        ready(0);
        for (int i = 0; i < atoi(argument); i++) {
            work((void *)1L);
            usleep(2000);
        }
    } else {
        fprintf(stderr, "unknown word %s\n", word);
        return 2;
    }
    return 0;
}
