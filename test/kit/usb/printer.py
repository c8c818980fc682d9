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
import errno
import os
import signal
import struct
import subprocess
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
DEVICE = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
NODE = "/dev/bus/usb/001/005"
# linux/usbdevice_fs.h, 64 bit.
SUBMITURB, REAPURB, REAPURBNDELAY, DISCARDURB = 0x8038550A, 0x4008550C, 0x4008550D, 0x550B
CLAIM, RELEASE, SETINTERFACE, GETDRIVER = 0x8004550F, 0x80045510, 0x80085504, 0x41045508
CAPABILITIES, DISCONNECT_CLAIM, IOCTL = 0x8004551A, 0x8108551B, 0xC0105512
URB_CONTROL, URB_BULK = 2, 3
HOST_STATUS = (
    b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
)
DEVICE_ID = b"MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC GK420d;CLS:PRINTER;"
STRINGS = {1: "Zebra", 2: "GK420d", 3: "29J1"}

options = argparse.ArgumentParser()
options.add_argument("--capture", required=True)
options.add_argument("--unplug-after", type=int)
options.add_argument("--stall-after", type=int)
options.add_argument("--attach-late", action="store_true")
options.add_argument("command", nargs=argparse.REMAINDER)
given = options.parse_args()

capture = open(given.capture, "wb")
testbed = UMockdev.Testbed.new()
done = []
reading = []
stalled = []
answers = bytearray()
taken = 0
plugged = False


def control_answer(setup):
    kind, request, value, _index, _length = struct.unpack("<BBHHH", setup)
    if (kind, request) == (0x80, 6) and value >> 8 == 3:
        index = value & 0xFF
        text = STRINGS.get(index, "").encode("utf-16-le")
        return b"\x04\x03\x09\x04" if index == 0 else bytes([len(text) + 2, 3]) + text
    if (kind, request) == (0xA1, 0):
        return struct.pack(">H", len(DEVICE_ID) + 2) + DEVICE_ID
    if (kind, request) == (0xA1, 1):
        return b"\x18"
    return None


def finish(urb, status, length):
    urb.update(4, struct.pack("i", status))
    urb.update(28, struct.pack("i", length))
    done.append(urb)


def answer_reads():
    while reading and answers:
        urb, room = reading.pop(0)
        chunk = bytes(answers[:room])
        del answers[:room]
        urb.resolve(16, room).update(0, chunk)
        finish(urb, 0, len(chunk))


def unplug():
    global plugged
    plugged = False
    for urb, _room in reading:
        finish(urb, -errno.ENODEV, 0)
    reading.clear()
    testbed.uevent(DEVICE, "remove")
    testbed.remove_device(DEVICE)


def submit(urb):
    global taken
    kind, endpoint = struct.unpack("BB", bytes(urb.retrieve())[:2])
    (length,) = struct.unpack("i", bytes(urb.retrieve())[24:28])
    if kind == URB_CONTROL:
        buffer = urb.resolve(16, length)
        answer = control_answer(bytes(buffer.retrieve())[:8])
        if answer is None:
            finish(urb, -errno.EPIPE, 0)
        else:
            answer = answer[: length - 8]
            buffer.update(8, answer)
            finish(urb, 0, len(answer))
        return
    if endpoint & 0x80:
        reading.append((urb, length))
        answer_reads()
        return
    data = bytes(urb.resolve(16, length).retrieve()) if length else b""
    limit = given.unplug_after if given.unplug_after is not None else given.stall_after
    room = len(data) if limit is None else max(0, min(len(data), limit - taken))
    capture.write(data[:room])
    capture.flush()
    taken += room
    if b"~HS" in data[:room]:
        answers.extend(HOST_STATUS)
        answer_reads()
    if room == len(data):
        finish(urb, 0, room)
    elif given.unplug_after is not None:
        finish(urb, -errno.ENODEV, room)
        unplug()
    else:
        stalled.append((urb, room))


def discard(address):
    for urb, _room in list(reading):
        if urb.client_addr == address:
            reading.remove((urb, _room))
            finish(urb, -errno.ENOENT, 0)
            return
    for urb, room in list(stalled):
        if urb.client_addr == address:
            stalled.remove((urb, room))
            finish(urb, -errno.ENOENT, room)
            return


def on_ioctl(_handler, client):
    request = client.get_request() & 0xFFFFFFFF
    argument = client.get_arg()
    if not plugged and request in (SUBMITURB, CLAIM, DISCONNECT_CLAIM):
        client.complete(-1, errno.ENODEV)
        return True
    if request == CAPABILITIES:
        argument.resolve(0, 4).update(0, struct.pack("I", 0x0F))
        client.complete(0, 0)
    elif request in (CLAIM, RELEASE, SETINTERFACE, DISCONNECT_CLAIM):
        client.complete(0, 0)
    elif request in (GETDRIVER, IOCTL):
        client.complete(-1, errno.ENODATA)
    elif request == SUBMITURB:
        submit(argument.resolve(0, 56))
        client.complete(0, 0)
    elif request == DISCARDURB:
        discard(struct.unpack("L", bytes(argument.retrieve())[:8])[0])
        client.complete(0, 0)
    elif request in (REAPURB, REAPURBNDELAY):
        if done:
            argument.resolve(0, 8).set_ptr(0, done.pop(0))
            client.complete(0, 0)
        else:
            client.complete(-1, errno.EAGAIN if plugged else errno.ENODEV)
    else:
        client.complete(-1, errno.ENOTTY)
    return True


handler = UMockdev.IoctlBase.new()
handler.connect("handle-ioctl", on_ioctl)


def plug():
    global plugged
    plugged = True
    testbed.add_from_file(os.path.join(HERE, "printer.umockdev"))
    testbed.attach_ioctl(NODE, handler)


if not given.attach_late:
    plug()
environment = dict(os.environ, UMOCKDEV_DIR=testbed.get_root_dir(), LD_PRELOAD="libumockdev-preload.so.0")
child = subprocess.Popen(given.command, env=environment, stdout=subprocess.PIPE)
loop = GLib.MainLoop()
status = [1]


def on_line(source, _condition):
    line = source.readline()
    if not line:
        return False
    if line.strip() == b"plug":
        plug()
    elif line.strip() == b"unplug":
        unplug()
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
