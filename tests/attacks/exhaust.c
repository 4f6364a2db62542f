/* Using up what others need. Each goes on until something stops it; what the test looks at is what did. */
#include "attack.h"

#include <pthread.h>
#include <stdint.h>

static void *sleeps(void *nothing) { return pause(), nothing; }

static int threads(void)
{
    pthread_t thread;
    int count = 0;
    while (count < 5000 && pthread_create(&thread, 0, sleeps, 0) == 0)
        count++;
    return count >= 5000;
}
static int processes(void)
{
    for (int count = 0; count < 5000; count++) {
        pid_t child = fork();
        if (child < 0)
            return 0;
        if (child == 0)
            pause();
    }
    return 1;
}
static int touch(char *memory, size_t size)
{
    for (size_t at = 0; memory != MAP_FAILED && at < size; at += 4096)
        memory[at] = 1;
    return memory != MAP_FAILED;
}
static int memory(void)
{
    for (int block = 0; block < 64; block++)
        if (!touch(mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 64 << 20))
            return 0;
    return 1;
}
static int shared_memory(void)
{
    for (int block = 0; block < 64; block++)
        if (!touch(mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), 64 << 20))
            return 0;
    return 1;
}
static int memory_files(void) { return syscall(SYS_memfd_create, "bomb", 0) >= 0; }
static int memory_of_many(void)
{
    int done[2];
    char byte = 0;
    if (pipe(done) < 0)
        return 0;
    for (int child = 0; child < 12; child++)
        if (fork() == 0) {
            touch(mmap(0, 256 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 256 << 20);
            if (write(done[1], &byte, 1) == 1)
                pause();
        }
    for (int child = 0; child < 12; child++)
        if (read(done[0], &byte, 1) != 1)
            return 0;
    sleep(2); /* whoever watches looks now and then, and this machine may be busy */
    return 1;
}
static int disk(void)
{
    static char block[1 << 20];
    for (int file = 0; file < 4; file++) {
        char name[32];
        snprintf(name, sizeof name, "big%d", file);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        signal(SIGXFSZ, SIG_IGN);
        for (int count = 0; count < 64; count++)
            if (write(fd, block, sizeof block) != sizeof block)
                return 0;
    }
    return 1;
}
static int sparse_file(void)
{
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("sparse", O_WRONLY | O_CREAT, 0600);
    return fd >= 0 && ftruncate(fd, 1LL << 40) == 0;
}
static int ports(void)
{
    /* One is enough to know whose they are: it is taken where they are the machine's. */
    struct sockaddr_in taken = { .sin_family = AF_INET, .sin_port = htons(atoi(host_port)) };
    taken.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&taken, sizeof taken) < 0;
}
static int inodes(void)
{
    for (int file = 0; file < 20000; file++) {
        char name[32];
        snprintf(name, sizeof name, "f%d", file);
        int fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd < 0)
            return 0;
        close(fd);
    }
    return 1;
}
static int descriptors(void)
{
    int count = 0;
    while (count < 100000 && open("/dev/null", O_RDONLY) >= 0)
        count++;
    return count >= 100000;
}
static int core_dump(void)
{
    pid_t child = fork();
    if (child == 0)
        abort();
    int status;
    waitpid(child, &status, 0);
    struct stat core;
    return (WCOREDUMP(status) && stat("core", &core) == 0 && core.st_size > 1) ? 1 : 0;
}

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "threads", threads }, { "processes", processes }, { "memory", memory },
        { "shared-memory", shared_memory }, { "memory-files", memory_files }, { "memory-of-many", memory_of_many },
        { "disk", disk }, { "sparse-file", sparse_file }, { "inodes", inodes },
        { "ports", ports }, { "descriptors", descriptors }, { "core-dump", core_dump }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
