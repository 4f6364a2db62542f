/* What the files of this client share. */
#ifndef CLIENT_H
#define CLIENT_H

#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* robust.c: all of it, in spite of short counts and EINTR. */
int write_all(int fd, const void *bytes, size_t count);
ssize_t read_some(int fd, void *buffer, size_t size);

/* client.c: a connected socket; on failure it says why and ends the program. */
int connect_or_die(const char *host, const char *port, double timeout);
/* Says `message` on stderr and ends with `status`. */
_Noreturn void die(int status, const char *message);

/* http.c */
int get(const char *url);

#endif
