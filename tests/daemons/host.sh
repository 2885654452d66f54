#!/bin/sh
# The first process of a host of lab.sh, in namespaces of its own: this machine's file system below an empty layer that
# takes all writes, with the host's own name, address, users and disks; then supervisord, as Debian sets it up.
set -eu
folder=$1
name=${2%%=*}
address=${2#*=}
shift 2

# /proc is still the machine's, so this is the id that the machine knows this shell by.
read -r pid _ </proc/self/stat
root=$folder/$name
mkdir "$root"
mount -t tmpfs -o mode=0755 layer "$root"
mkdir "$root/upper" "$root/work" "$root/merged"
merged=$root/merged
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$merged"
echo "$pid" >"$folder/$name.pid.new"
mv "$folder/$name.pid.new" "$folder/$name.pid"

mount --rbind /dev "$merged/dev"
mount -t sysfs sysfs "$merged/sys"
for place in tmp run; do
  mount -t tmpfs -o mode=1777 "$place" "$merged/$place"
done
for share in "$@"; do
  mkdir -p "$merged$share"
  mount --rbind "$share" "$merged$share"
done
for disk in $(cat "$folder/disks"); do
  mkdir -p "$merged$disk"
  mount -t tmpfs -o mode=0755,size=1g disk "$merged$disk"
done
mount -t proc proc "$merged/proc"

hostname "$name"
{
  echo '127.0.0.1 localhost'
  cat "$folder/hosts"
} >"$merged/etc/hosts"
rm -rf "$merged/etc/supervisor/conf.d" "$merged/var/log/supervisor"
mkdir -p "$merged/etc/supervisor/conf.d" "$merged/var/log/supervisor"
cat "$folder/group" >>"$merged/etc/group"
cat "$folder/passwd" >>"$merged/etc/passwd"

until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
ip link set lo up
ip address add "$address/24" dev eth0
ip link set eth0 up
exec chroot "$merged" /usr/bin/supervisord --nodaemon --configuration /etc/supervisor/supervisord.conf
