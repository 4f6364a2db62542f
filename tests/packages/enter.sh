# Runs in new namespaces and goes on in the root of another machine: ROOT, a toolchain's folder or nothing, COMMAND...
set -e
root=$1; toolchain=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
show() { mount --rbind "$1" "$2"; mount -o remount,bind,ro "$2" 2>/dev/null || mount -o remount,bind,ro,nosuid,nodev "$2"; }
for name in usr bin sbin lib lib32 lib64 libx32; do
    if [ ! -L /$name ] && [ -d /$name ]; then show /$name "$root/$name"; fi
done
for name in alternatives ssl ca-certificates; do
    if [ -d /etc/$name ]; then show /etc/$name "$root/etc/$name"; fi
done
mount --bind "$root/local" "$root/usr/local"
if [ -n "$toolchain" ]; then show "$toolchain" "$root/usr/local/rustup/here"; fi
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
# Of real machines, each has users of its own. These are shared with graders outside, and so is the list of who has which.
if [ "$(id -u)" = 0 ] && [ -w /run ]; then
    mkdir -p -m 700 /run/grader-users
    mkdir -p "$root/run/grader-users"
    mount --bind /run/grader-users "$root/run/grader-users"
fi
ip link set lo up
cd "$root"
pivot_root . before
cd /
umount -l /before
exec "$@"
