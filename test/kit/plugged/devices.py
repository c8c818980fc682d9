#!/usr/bin/python3
"""A USB HID scale and a USB serial adapter on umockdev, driven by the command they are there for.

Usage: devices.py COMMAND [ARGS...]     (with the python3 that has the gi module; under umockdev-wrapper)
Lines the command writes to its standard output are orders, if they begin with one of these words; others are passed on:
  plug-scale          the HID scale is plugged in (0922:8003, serial number 0000000012345, report ids 3 in and 2 out)
  pull-scale          its cable is pulled: its node goes away, the reader's read fails, events are sent
  report HEX          the scale sends one input report
  plug-port NAME      the adapter is plugged in as /dev/NAME (0403:6001, serial number A9XX)
  pull-port           it is pulled: the terminal hangs up, its node goes away
  send TEXT           the device behind the adapter sends TEXT and CR LF
The command reads what happened, one JSON line each: {"written": HEX} output reports, {"received": TEXT} lines.
"""
import errno
import json
import os
import signal
import struct
import subprocess
import sys
import tty

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import GLib, UMockdev  # noqa: E402

BUS = "/devices/pci0000:00/0000:00:14.0/usb1"
# linux/hidraw.h.
RDESC_SIZE, RDESC, RAW_INFO = 0x80044801, 0x90044802, 0x80084803
# Written by hand from the HID Point of Sale Usage Tables 1.02, section 4; no recording of a real scale.
REPORT_DESCRIPTOR = bytes.fromhex(
    "058d0920a101"  # Weighing Device page, Scale Device, application collection
    "85030932a102"  # report 3, Scale Data Report
    "0970a1020971097209730974097509760977097815012508750895018100c0"  # Scale Status, one of eight
    "0950a10209510952095309540955095609570958"  # Weight Unit, one of twelve
    "0959095a095b095c1501250c750895018100c0"
    "09411581257f750895018102"  # Data Scaling, signed 8 bit
    "0940150027ffff0000751095018102c0"  # Data Weight, 16 bit
    "85020931a1020981098015002501750195029102750695019103c0"  # report 2, Scale Control Report, out
    "c0"
)
DEVICE_DESCRIPTOR = bytes.fromhex(
    "12010002000000082209038000010102030109022200010100a0fa0904000001030000000921110100"
    "0122" + struct.pack("<H", len(REPORT_DESCRIPTOR)).hex() + "0705810308000a"
)
SCALE = BUS + "/1-1"


def scale_parts(node):
    interface = SCALE + "/1-1:1.0"
    return [f"{interface}/0003:0922:8003.0001/hidraw/{node}", f"{interface}/0003:0922:8003.0001", interface, SCALE]


def usb_address(node):
    return 4 + int(node.removeprefix("hidraw"))


def scale_text(node):
    hidraw, hid, interface, device = scale_parts(node)
    number = int(node.removeprefix("hidraw"))
    address = usb_address(node)
    return f"""P: {device}
N: bus/usb/001/{address:03}={DEVICE_DESCRIPTOR.hex().upper()}
E: BUSNUM=001
E: DEVNUM={address:03}
E: DEVNAME=/dev/bus/usb/001/{address:03}
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR={address - 1}
E: PRODUCT=922/8003/100
E: SUBSYSTEM=usb
A: busnum=1\\n
A: devnum={address}\\n
A: bConfigurationValue=1\\n
A: bNumConfigurations=1\\n
A: speed=12\\n
A: idVendor=0922\\n
A: idProduct=8003\\n
A: bcdDevice=0100\\n
A: manufacturer=DYMO\\n
A: product=M10 10 lb USB Postal Scale\\n
A: serial=0000000012345\\n
H: descriptors={DEVICE_DESCRIPTOR.hex().upper()}

P: {interface}
E: DEVTYPE=usb_interface
E: PRODUCT=922/8003/100
E: INTERFACE=3/0/0
E: SUBSYSTEM=usb
A: bInterfaceClass=03\\n
A: bInterfaceNumber=00\\n

P: {hid}
E: DRIVER=hid-generic
E: HID_ID=0003:00000922:00008003
E: HID_NAME=DYMO M10 10 lb USB Postal Scale
E: HID_UNIQ=0000000012345
E: SUBSYSTEM=hid
H: report_descriptor={REPORT_DESCRIPTOR.hex().upper()}

P: {hidraw}
N: {node}
E: DEVNAME=/dev/{node}
E: MAJOR=240
E: MINOR={number}
E: SUBSYSTEM=hidraw
A: dev=240:{number}\\n
L: device=../../../0003:0922:8003.0001
"""


def port_text(name):
    number = name.removeprefix("ttyUSB")
    path = f"{BUS}/1-3/1-3:1.0/{name}/tty/{name}"
    text = f"""P: {path}
N: {name}
E: DEVNAME=/dev/{name}
E: MAJOR=188
E: MINOR={number}
E: SUBSYSTEM=tty
E: ID_VENDOR=FTDI
E: ID_VENDOR_ID=0403
E: ID_MODEL_ID=6001
E: ID_SERIAL_SHORT=A9XX
E: DEVLINKS=/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A9XX-if00-port0
A: dev=188:{number}\\n
"""
    return path, text


testbed = UMockdev.Testbed.new()
here = {"scale": None, "port": None}
pluggings = 0


def tell(fact):
    try:
        child.stdin.write((json.dumps(fact) + "\n").encode())
        child.stdin.flush()
    except BrokenPipeError:
        pass


def on_ioctl(_handler, client):
    request = client.get_request() & 0xFFFFFFFF
    argument = client.get_arg()
    if here["scale"] is None:
        client.complete(-1, errno.ENODEV)
    elif request == RDESC_SIZE:
        argument.resolve(0, 4).update(0, struct.pack("<I", len(REPORT_DESCRIPTOR)))
        client.complete(0, 0)
    elif request == RDESC:
        block = argument.resolve(0, 4 + 4096)
        block.update(0, struct.pack("<I", len(REPORT_DESCRIPTOR)) + REPORT_DESCRIPTOR)
        client.complete(0, 0)
    elif request == RAW_INFO:
        argument.resolve(0, 8).update(0, struct.pack("<IHH", 3, 0x0922, 0x8003))
        client.complete(0, 0)
    else:
        client.complete(-1, errno.ENOTTY)
    return True


def on_write(_handler, client):
    data = bytes(client.get_arg().retrieve())
    if here["scale"] is not None:
        tell({"written": data.hex()})
        client.complete(len(data), 0)
    else:
        client.complete(-1, errno.ENODEV)
    return True


handler = UMockdev.IoctlBase.new()
handler.connect("handle-ioctl", on_ioctl)
handler.connect("handle-write", on_write)


def forget_terminal(number):
    """What umockdev keeps when a device is removed: which device a terminal stood for; its name will be given again."""
    terminals = os.path.join(testbed.get_root_dir(), "dev", ".ptymap")
    for each in os.listdir(terminals):
        if os.readlink(os.path.join(terminals, each)).strip() == number:
            os.unlink(os.path.join(terminals, each))


def plug_scale():
    """As /dev/hidraw0, then hidraw1, ...: the kernel's number is another one, too, while somebody has the old one open."""
    global pluggings
    node = f"hidraw{pluggings}"
    pluggings += 1
    testbed.add_from_string(scale_text(node))
    # The node is a pseudo-terminal: what is written to its other end is what the reader gets.
    fd = testbed.get_dev_fd("/dev/" + node)
    tty.setraw(fd)
    here["scale"] = (node, fd)
    testbed.attach_ioctl("/dev/" + node, handler)
    for part in reversed(scale_parts(node)):
        testbed.uevent("/sys" + part, "add")


def pull_scale():
    node, fd = here["scale"]
    here["scale"] = None
    for part in scale_parts(node):
        testbed.uevent("/sys" + part, "remove")
        testbed.remove_device("/sys" + part)
    testbed.detach_ioctl("/dev/" + node)
    forget_terminal("240:" + node.removeprefix("hidraw"))
    # The reader's next read fails, as it does for a device that is gone.
    os.close(fd)


def plug_port(name):
    path, text = port_text(name)
    testbed.add_from_string(text)
    fd = testbed.get_dev_fd("/dev/" + name)
    tty.setraw(fd)
    here["port"] = (name, path, fd, b"")
    GLib.io_add_watch(fd, GLib.IO_IN, on_port)
    testbed.uevent("/sys" + path, "add")


def on_port(fd, _condition):
    if here["port"] is None or here["port"][2] != fd:
        return False
    name, path, _fd, before = here["port"]
    try:
        lines = (before + os.read(fd, 4096)).split(b"\r\n")
    except OSError:
        return False
    here["port"] = (name, path, fd, lines.pop())
    for line in lines:
        tell({"received": line.decode("latin1")})
    return True


def pull_port():
    name, path, fd, _rest = here["port"]
    here["port"] = None
    testbed.uevent("/sys" + path, "remove")
    testbed.remove_device("/sys" + path)
    forget_terminal("188:" + name.removeprefix("ttyUSB"))
    os.close(fd)


def order(line):
    word, _, rest = line.partition(" ")
    if word == "plug-scale":
        plug_scale()
    elif word == "pull-scale":
        pull_scale()
    elif word == "report":
        os.write(here["scale"][1], bytes.fromhex(rest))
    elif word == "plug-port":
        plug_port(rest)
    elif word == "pull-port":
        pull_port()
    elif word == "send":
        os.write(here["port"][2], rest.encode("latin1") + b"\r\n")
    else:
        print(line, flush=True)


environment = dict(os.environ, UMOCKDEV_DIR=testbed.get_root_dir(), LD_PRELOAD="libumockdev-preload.so.0")
child = subprocess.Popen(sys.argv[1:], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
loop = GLib.MainLoop()
status = [1]


def on_line(source, _condition):
    line = source.readline()
    if not line:
        return False
    order(line.decode().rstrip("\n"))
    return True


# Unbuffered: a line that was read ahead would not wake the watch.
source = os.fdopen(os.dup(child.stdout.fileno()), "rb", buffering=0)
GLib.io_add_watch(source, GLib.IO_IN | GLib.IO_HUP, on_line)


def ended(_pid, wait_status):
    status[0] = os.waitstatus_to_exitcode(wait_status)
    loop.quit()


GLib.child_watch_add(GLib.PRIORITY_DEFAULT, child.pid, ended)
GLib.timeout_add_seconds(25, lambda: child.send_signal(signal.SIGKILL))
loop.run()
for line in source.read().decode().splitlines():
    print(line)
sys.stdout.flush()
os._exit(0 if status[0] == 0 else 1)
