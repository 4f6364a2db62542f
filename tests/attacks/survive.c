/* Living on after the end. Each leaves a process behind whose name is the secret file's. */
#include "attack.h"

static void lives_on(void)
{
    for (;;)
        pause();
}
static void rename_to_secret(void)
{
    /* The test looks for this in what the machine shows of all processes. */
    execl("/bin/sleep", secret_file, "1000", (char *)0);
}
static int double_fork(void)
{
    if (fork() == 0) {
        setsid();
        if (fork() == 0)
            rename_to_secret();
        _exit(0);
    }
    return usleep(50000), 0;
}
static int ignored_signals(void)
{
    if (fork() == 0) {
        for (int number = 1; number < 65; number++)
            signal(number, SIG_IGN);
        rename_to_secret();
    }
    return usleep(50000), 0;
}
static int stopped(void)
{
    pid_t child = fork();
    if (child == 0)
        rename_to_secret();
    usleep(20000);
    kill(child, SIGSTOP);
    return usleep(20000), 0;
}
static int zombies(void)
{
    for (int child = 0; child < 50; child++)
        if (fork() == 0)
            _exit(0);
    if (fork() == 0)
        rename_to_secret();
    return usleep(50000), 0;
}
static int busy(void)
{
    for (int child = 0; child < 4; child++)
        if (fork() == 0)
            for (;;)
                ;
    if (fork() == 0)
        rename_to_secret();
    return usleep(50000), 0;
}
static int endless_output(void)
{
    static char line[1 << 16];
    memset(line, 'x', sizeof line);
    if (fork() == 0)
        for (;;)
            if (write(2, line, sizeof line) < 0)
                lives_on();
    if (fork() == 0)
        rename_to_secret();
    return usleep(50000), 0;
}

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "double-fork", double_fork }, { "ignored-signals", ignored_signals }, { "stopped", stopped },
        { "zombies", zombies }, { "busy", busy }, { "endless-output", endless_output }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
