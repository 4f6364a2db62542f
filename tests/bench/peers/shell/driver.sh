#!/bin/bash
# Lab 02-server as a shell driver in the manner of those that come with proxy labs: one server for a group of checks,
# nc and python3 for the clients, sleeps where the shell cannot look.
#
# usage: driver.sh FOLDER-WITH-SERVER

home=$(cd "${1:?usage: driver.sh FOLDER}" && pwd)
work=$(mktemp -d)
server=
score=0
answer=5     # seconds for an answer, as the lab says
start_tries=10 # of a second each

finish() {
    [ -n "$server" ] && kill -9 "$server" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        ss -Hltn "sport = :$port" | grep -q . || break
    done
    echo "$port"
}

start_server() {
    "$home/server" "$port" >"$work/stdout" 2>>"$work/stderr" &
    server=$!
    disown
    local try
    for ((try = 0; try < start_tries; try++)); do
        ss -Hltn "sport = :$port" | grep -q . && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 1
    done
    return 1
}

stop_server() {
    kill -9 "$server" 2>/dev/null
    # It is not ours to wait for any more (disown), so look until it is gone.
    while kill -0 "$server" 2>/dev/null; do sleep 0.05; done
    server=
}

# check POINTS NAME COMMAND...
check() {
    local points=$1 name=$2
    shift 2
    if "$@" >"$work/said" 2>&1; then
        echo "$name: $points/$points"
        score=$((score + points))
    else
        echo "$name: 0/$points"
        return 1
    fi
}

client() { timeout "$answer" nc -N "${1:-127.0.0.1}" "$port"; }

echoed() { [ "$(printf '%s\n' "$1" | client)" = "$1" ]; }

file_echoed() { timeout 10 nc -N 127.0.0.1 "$port" <"$1" | cmp -s - "$1"; }

listens() { sleep 0.1 && kill -0 "$server" && ss -Hltn "sport = :$port" | grep -q . && nc -z 127.0.0.1 "$port"; }

announces() { grep -q "listening on .*:$port" "$work/stderr"; }

any_address() { nc -z 127.0.0.2 "$port"; }

backlog() { [ "$(ss -Hltn "sport = :$port" | awk '{ print $3; exit }')" -ge 10 ]; }

echoes() { echoed "hello, world" && echoed "and another line"; }

next_client() {
    echoed first && echoed second && nc -z 127.0.0.1 "$port" && echoed third
}

exact_bytes() {
    head -c 65792 /dev/urandom >"$work/noise" && file_echoed "$work/noise" &&
        python3 -c '
import socket, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
for _ in range(32):
    c.sendall(b".")
    assert c.recv(1) == b"."' "$port"
}

megabyte() {
    yes 'All of this has to come back, every byte of it, and in order.' | head -c 1048576 >"$work/megabyte"
    file_echoed "$work/megabyte" || return 1
    yes 'The client is slow, and nothing of this may get lost for it...' | head -c 8388608 >"$work/eight"
    timeout 10 nc -N 127.0.0.1 "$port" <"$work/eight" | (sleep 0.1 && cmp -s - "$work/eight")
}

# nc -N has sent its FIN at the end of its input, and ends by itself only if the server's FIN comes.
closes() { [ "$(echo "that was all" | client)" = "that was all" ] && echo bye | client; }

half_close() {
    local said
    yes 'A FIN comes after the bytes.' | head -n 1000 >"$work/lines"
    kill -STOP "$server"
    file_echoed "$work/lines" &
    said=$!
    sleep 0.2
    kill -CONT "$server"
    wait "$said" && file_echoed "$work/eight" && client </dev/null
}

no_leak() {
    local before after number
    for number in 1 2 3 4 5; do echoed hello || return 1; done
    before=$(find "/proc/$server/fd" | wc -l)
    for ((number = 0; number < 200; number++)); do echoed hello || return 1; done
    after=$(find "/proc/$server/fd" | wc -l)
    [ "$after" -le $((before + 2)) ]
}

# rude QUESTION: asks, reads the answer, and resets the connection.
rude() {
    python3 -c '
import socket, struct, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
question = sys.argv[2].encode()
if question:
    c.sendall(question)
    c.recv(100)
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()' "$port" "$1"
}

resets() {
    rude goodbye && sleep 0.1 && echoed "still there?" || return 1
    kill -STOP "$server"
    rude ""
    kill -CONT "$server"
    sleep 0.1
    echoed "and now?"
}

broken_pipe() {
    python3 -c '
import os, signal, socket, struct, sys
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
c.sendall(b"hello\n")
c.recv(100)
os.kill(int(sys.argv[2]), signal.SIGSTOP)
c.sendall(b"are you there?\n")
c.shutdown(socket.SHUT_WR)
c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
c.close()
os.kill(int(sys.argv[2]), signal.SIGCONT)' "$port" "$server"
    sleep 0.1
    kill -0 "$server" && echoed "are you there?"
}

restart() {
    (echo before; sleep 1) | nc 127.0.0.1 "$port" >/dev/null &
    sleep 0.2
    stop_server
    start_server && echoed after
}

refuses() {
    local status
    "$home/server" "$port" 2>&1 >/dev/null | grep -qi "in use" || return 1
    "$home/server" "$port"
    [ $? -eq 1 ] || return 1
    "$home/server"
    [ $? -eq 2 ] || return 1
    for status in 70000 no-port; do
        "$home/server" "$status"
        case $? in 1 | 2) ;; *) return 1 ;; esac
    done
}

ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }

waits_asleep() {
    local before
    before=$(ticks)
    sleep 0.1
    [ $(($(ticks) - before)) -le 2 ]
}

echo "*** Starting ***"
port=$(free_port)
start_server
if check 10 listens listens; then
    check 4 announces announces
    check 6 any-address any_address
    check 6 backlog backlog

    echo "*** Conversation ***"
    if check 10 echoes echoes; then
        check 8 next-client next_client
        check 8 exact-bytes exact_bytes
        check 7 megabyte megabyte
        check 6 closes closes
        check 5 half-close half_close
        check 6 no-leak no_leak

        echo "*** Rude clients ***"
        check 5 reset resets
        check 5 broken-pipe broken_pipe
        check 3 waits-asleep waits_asleep
        check 6 restart restart
    fi
fi

echo "*** Refusing ***"
stop_server
port=$(free_port)
nc -lk 127.0.0.1 "$port" >/dev/null &
squatter=$!
sleep 1
check 3 refuses refuses
kill "$squatter"

echo "Total: $score"
