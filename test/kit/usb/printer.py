#!/usr/bin/python3
"""A USB printer on umockdev: usbfs requests of the command are answered as the kernel would answer for a ZPL printer.

Usage: printer.py OPTIONS COMMAND [ARGS...]     (with the python3 that has the gi module; under umockdev-wrapper)
  --capture FILE      everything taken by the bulk OUT endpoint
  --unplug-after N    the cable is pulled after N bytes: that request ends with what was taken, the device disappears
  --stall-after N     takes N bytes, then nothing more, for ever
  --attach-late       the printer is plugged in when the command writes "plug" to its standard output
The command's standard output is passed on.
"""
import argparse
import os
import signal
import subprocess
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

# Nothing is left beside the sources.
sys.dont_write_bytecode = True
from emulated import UsbPrinter  # noqa: E402

options = argparse.ArgumentParser()
options.add_argument("--capture", required=True)
options.add_argument("--unplug-after", type=int)
options.add_argument("--stall-after", type=int)
options.add_argument("--attach-late", action="store_true")
options.add_argument("command", nargs=argparse.REMAINDER)
given = options.parse_args()

capture = open(given.capture, "wb")
testbed = UMockdev.Testbed.new()


def took(data):
    capture.write(data)
    capture.flush()


printer = UsbPrinter(testbed, took)
printer.unplug_after = given.unplug_after
printer.stall_after = given.stall_after

if not given.attach_late:
    printer.plug()
environment = dict(os.environ, UMOCKDEV_DIR=testbed.get_root_dir(), LD_PRELOAD="libumockdev-preload.so.0")
child = subprocess.Popen(given.command, env=environment, stdout=subprocess.PIPE)
loop = GLib.MainLoop()
status = [1]


def on_line(source, _condition):
    line = source.readline()
    if not line:
        return False
    if line.strip() == b"plug":
        printer.plug()
    elif line.strip() == b"unplug":
        printer.unplug()
    else:
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
    return True


GLib.io_add_watch(child.stdout, GLib.IO_IN | GLib.IO_HUP, on_line)


def ended(_pid, wait_status):
    status[0] = os.waitstatus_to_exitcode(wait_status)
    loop.quit()


GLib.child_watch_add(GLib.PRIORITY_DEFAULT, child.pid, ended)
GLib.timeout_add_seconds(30, lambda: child.send_signal(signal.SIGKILL))
loop.run()
sys.stdout.buffer.write(child.stdout.read())
sys.stdout.flush()
os._exit(0 if status[0] == 0 else 1)
