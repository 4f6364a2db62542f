/* Getting more than the program was given. */
#include "attack.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

static int user_namespace(void) { return unshare(CLONE_NEWUSER) == 0; }
static int clone_namespace(void)
{
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0)
        _exit(0);
    return pid > 0;
}
static int mounts(void) { return mount("none", "/tmp", "tmpfs", 0, 0) == 0; }
static int change_root(void) { return chroot(".") == 0; }
static int keys(void) { return syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3, 1) >= 0; }
static int bpf(void)
{
    char attributes[128] = { 0 };
    return syscall(SYS_bpf, 0, attributes, sizeof attributes) >= 0 || errno != EPERM;
}
static int io_uring(void)
{
    char parameters[256] = { 0 };
    return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}
static int become_root(void) { return setuid(0) == 0 && getuid() == 0; }
static int set_user_id_program(void)
{
    /* Run as root, `su` asks nobody for a password. */
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0), dup2(null, 1), dup2(null, 2);
        execlp("su", "su", "root", "-c", "true", (char *)0);
        _exit(1);
    }
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
static int type_into_terminal(void)
{
    char byte = 'x';
    return ioctl(0, TIOCSTI, &byte) == 0 || errno != EPERM;
}
static int x32_calls(void)
{
#ifdef __x86_64__
    return syscall(0x40000000 + SYS_getpid) > 0;
#else
    return 0;
#endif
}
static int old_calls(void)
{
#ifdef __x86_64__
    /* int 0x80 has numbers of its own: 20 is getpid. The filter kills who uses it. */
    pid_t child = fork();
    if (child == 0) {
        long result;
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
        _exit(result > 0 ? 0 : 1);
    }
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
#else
    return 0;
#endif
}
static int devices(void)
{
    return mknod("disk", S_IFBLK | 0600, 8 << 8) == 0 || open("/dev/vda", O_RDONLY) >= 0 || open("/dev/sda", O_RDONLY) >= 0;
}

int main(int argc, char **argv)
{
    static const struct attack attacks[] = {
        { "user-namespace", user_namespace }, { "clone-namespace", clone_namespace }, { "mounts", mounts },
        { "change-root", change_root }, { "keys", keys }, { "bpf", bpf }, { "io-uring", io_uring },
        { "become-root", become_root }, { "set-user-id", set_user_id_program },
        { "terminal-input", type_into_terminal }, { "x32", x32_calls }, { "int-0x80", old_calls },
        { "devices", devices }, { 0 },
    };
    return run_attacks(argc, argv, attacks);
}
