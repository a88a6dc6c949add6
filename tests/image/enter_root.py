"""What a container runtime does with an image, in small: enter_root.py ROOT UID WORKING_DIRECTORY PROGRAM ARGUMENT…

Started as root. Where mounts are allowed, ROOT becomes read-only but for WORKING_DIRECTORY; elsewhere its owner and modes
keep the user out. The environment is handed on as it is.
"""
import os
import subprocess
import sys

root, uid, directory, *command = sys.argv[1:]
MOUNTED = "WEIR_TEST_IN_MOUNT_NAMESPACE"


def mount(*words):
    subprocess.run(["/bin/mount", *words], check=True)


if MOUNTED not in os.environ and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0:
    os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
               {**os.environ, MOUNTED: "yes"})
if os.environ.pop(MOUNTED, None):
    mount("--bind", root, root)
    mount("--bind", root + directory, root + directory)
    mount("-o", "remount,bind,ro", root)
os.chroot(root)
os.chdir(directory)
os.setgroups([])
os.setresgid(int(uid), int(uid), int(uid))
os.setresuid(int(uid), int(uid), int(uid))
os.execve(command[0], command, os.environ)
