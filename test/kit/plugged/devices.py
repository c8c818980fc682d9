#!/usr/bin/python3
"""A USB HID scale and scanner, a USB serial adapter and a USB label printer on umockdev, driven by the command they are for.

Usage: devices.py [--seconds N] COMMAND [ARGS...]   (with the python3 that has the gi module; under umockdev-wrapper)
  --seconds N         the command is killed after so long; 25
Lines the command writes to its standard output are orders, if they begin with one of these words; others are passed on:
  plug-scale          the HID scale is plugged in (0922:8003, serial number 0000000012345, report ids 3 in and 2 out)
  pull-scale          its cable is pulled: its node goes away, the reader's read fails, events are sent
  report HEX          the scale sends one input report
  plug-scanner        the HID-POS scanner is plugged in (0c2e:0b6a, serial number 18012B0042, report id 2 in)
  pull-scanner        it is pulled, as the scale is
  scan HEX            the scanner sends one input report, or as much of one as is given
  plug-port NAME      the adapter is plugged in as /dev/NAME (0403:6001, serial number A9XX)
  pull-port           it is pulled: the terminal hangs up, its node goes away
  send TEXT           the device behind the adapter sends TEXT and CR LF
  say HEX             it sends these bytes
  plug-printer        the USB printer is plugged in (0a5f:0081, serial number 29J1), each time under another device number
  pull-printer        it is pulled
  pull-in-label N     it will be pulled by itself after N bytes of the next label
The command reads what happened, one JSON line each: {"written": HEX} output reports of the scale, {"received": TEXT} lines of
the port, {"printer": HEX} what the printer took, {"pulled": "printer"} when it pulled itself.
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

# Nothing is left beside the sources.
sys.dont_write_bytecode = True
sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../usb"))
from emulated import UsbPrinter  # noqa: E402

BUS = "/devices/pci0000:00/0000:00:14.0/usb1"
# linux/hidraw.h.
RDESC_SIZE, RDESC, RAW_INFO = 0x80044801, 0x90044802, 0x80084803
# Both written by hand from the HID Point of Sale Usage Tables 1.02, sections 4 and 3; no recordings of real devices.
SCALE_REPORTS = bytes.fromhex(
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
SCANNER_REPORTS = bytes.fromhex(
    "058c0902a101"  # Bar Code Scanner page, Bar Code Scanner, application collection
    "85020912a102"  # report 2, Scanned Data Report
    "150026ff007508"
    "093b95018102"  # Data Length
    "09fb9501810209fc9501810209fd95018102"  # Symbology Identifier 1 to 3
    "09fe9538820201"  # Decoded Data, 56 bytes, buffered
    "0666ff09049501810209008102"  # the maker's own identifier, and one reserved
    "058c09ff25017501810295078103"  # Decode Data Continued, one bit
    "c0c0"
)


class HidModel:
    """What does not change from one plugging in to the next."""

    def __init__(self, port, vendor, product, maker, name, serial, reports):
        self.device = f"{BUS}/{port}"
        self.port, self.vendor, self.product = port, vendor, product
        self.maker, self.name, self.serial, self.reports = maker, name, serial, reports
        self.descriptor = bytes.fromhex(
            "1201000200000008"
            + struct.pack("<HH", int(vendor, 16), int(product, 16)).hex()
            + "000101020301"
            + "09022200010100a0fa" + "090400000103000000" + "0921110100"
            + "0122" + struct.pack("<H", len(reports)).hex() + "0705810308000a"
        )

    def parts(self, node):
        interface = f"{self.device}/{self.port}:1.0"
        hid = f"{interface}/0003:{self.vendor.upper()}:{self.product.upper()}.0001"
        return [f"{hid}/hidraw/{node}", hid, interface, self.device]

    def text(self, node):
        hidraw, hid, interface, device = self.parts(node)
        number = int(node.removeprefix("hidraw"))
        # Above the printer's, which are from 5 on.
        address = 40 + number
        product = f"{int(self.vendor, 16):x}/{int(self.product, 16):x}/100"
        return f"""P: {device}
N: bus/usb/001/{address:03}={self.descriptor.hex().upper()}
E: BUSNUM=001
E: DEVNUM={address:03}
E: DEVNAME=/dev/bus/usb/001/{address:03}
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR={address - 1}
E: PRODUCT={product}
E: SUBSYSTEM=usb
A: busnum=1\\n
A: devnum={address}\\n
A: bConfigurationValue=1\\n
A: bNumConfigurations=1\\n
A: speed=12\\n
A: idVendor={self.vendor}\\n
A: idProduct={self.product}\\n
A: bcdDevice=0100\\n
A: manufacturer={self.maker}\\n
A: product={self.name}\\n
A: serial={self.serial}\\n
H: descriptors={self.descriptor.hex().upper()}

P: {interface}
E: DEVTYPE=usb_interface
E: PRODUCT={product}
E: INTERFACE=3/0/0
E: SUBSYSTEM=usb
A: bInterfaceClass=03\\n
A: bInterfaceNumber=00\\n

P: {hid}
E: DRIVER=hid-generic
E: HID_ID=0003:0000{self.vendor.upper()}:0000{self.product.upper()}
E: HID_NAME={self.maker} {self.name}
E: HID_UNIQ={self.serial}
E: SUBSYSTEM=hid
H: report_descriptor={self.reports.hex().upper()}

P: {hidraw}
N: {node}
E: DEVNAME=/dev/{node}
E: MAJOR=240
E: MINOR={number}
E: SUBSYSTEM=hidraw
A: dev=240:{number}\\n
L: device=../../../0003:{self.vendor.upper()}:{self.product.upper()}.0001
"""


HID_MODELS = {
    "scale": HidModel("1-1", "0922", "8003", "DYMO", "M10 10 lb USB Postal Scale", "0000000012345", SCALE_REPORTS),
    "scanner": HidModel("1-4", "0c2e", "0b6a", "Honeywell", "Scanner in HID-POS mode", "18012B0042", SCANNER_REPORTS),
}


# Device, configuration and one interface of the maker's own class, as an FT232R has them.
ADAPTER_DESCRIPTOR = bytes.fromhex(
    "12010002000000080304016000060102030109021200010100a02d0904000000ffffff00"
)
ADAPTER = BUS + "/1-3"


def port_text(name, address):
    number = name.removeprefix("ttyUSB")
    path = f"{ADAPTER}/1-3:1.0/{name}/tty/{name}"
    text = f"""P: {ADAPTER}
N: bus/usb/001/{address:03}={ADAPTER_DESCRIPTOR.hex().upper()}
E: BUSNUM=001
E: DEVNUM={address:03}
E: DEVNAME=/dev/bus/usb/001/{address:03}
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR={address - 1}
E: PRODUCT=403/6001/600
E: SUBSYSTEM=usb
A: busnum=1\\n
A: devnum={address}\\n
A: bConfigurationValue=1\\n
A: bNumConfigurations=1\\n
A: speed=12\\n
A: idVendor=0403\\n
A: idProduct=6001\\n
A: bcdDevice=0600\\n
A: serial=A9XX\\n
H: descriptors={ADAPTER_DESCRIPTOR.hex().upper()}

P: {path}
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
here = {"port": None, "printer": None}
# By kind: the node, its other end, and what answers its requests.
hid_here = {}
pluggings = {"hid": 0, "printer": 0, "port": 0}


def tell(fact):
    try:
        child.stdin.write((json.dumps(fact) + "\n").encode())
        child.stdin.flush()
    except BrokenPipeError:
        pass


def hid_handler(kind):
    """Answers requests to one plugging in of a HID device."""
    reports = HID_MODELS[kind].reports
    ids = (int(HID_MODELS[kind].vendor, 16), int(HID_MODELS[kind].product, 16))
    handler = UMockdev.IoctlBase.new()

    def is_here():
        return kind in hid_here and hid_here[kind][2] is handler

    def on_ioctl(_handler, client):
        request = client.get_request() & 0xFFFFFFFF
        argument = client.get_arg()
        if not is_here():
            client.complete(-1, errno.ENODEV)
        elif request == RDESC_SIZE:
            argument.resolve(0, 4).update(0, struct.pack("<I", len(reports)))
            client.complete(0, 0)
        elif request == RDESC:
            block = argument.resolve(0, 4 + 4096)
            block.update(0, struct.pack("<I", len(reports)) + reports)
            client.complete(0, 0)
        elif request == RAW_INFO:
            argument.resolve(0, 8).update(0, struct.pack("<IHH", 3, *ids))
            client.complete(0, 0)
        else:
            client.complete(-1, errno.ENOTTY)
        return True

    def on_write(_handler, client):
        data = bytes(client.get_arg().retrieve())
        if is_here():
            tell({"written": data.hex()})
            client.complete(len(data), 0)
        else:
            client.complete(-1, errno.ENODEV)
        return True

    handler.connect("handle-ioctl", on_ioctl)
    handler.connect("handle-write", on_write)
    return handler


def forget_terminal(number):
    """What umockdev keeps when a device is removed: which device a terminal stood for; its name will be given again."""
    terminals = os.path.join(testbed.get_root_dir(), "dev", ".ptymap")
    for each in os.listdir(terminals):
        if os.readlink(os.path.join(terminals, each)).strip() == number:
            os.unlink(os.path.join(terminals, each))


def plug_hid(kind):
    """As /dev/hidraw0, then hidraw1, ...: the kernel's number is another one, too, while somebody has the old one open."""
    node = f"hidraw{pluggings['hid']}"
    pluggings["hid"] += 1
    model = HID_MODELS[kind]
    testbed.add_from_string(model.text(node))
    # The node is a pseudo-terminal: what is written to its other end is what the reader gets.
    fd = testbed.get_dev_fd("/dev/" + node)
    tty.setraw(fd)
    handler = hid_handler(kind)
    hid_here[kind] = (node, fd, handler)
    testbed.attach_ioctl("/dev/" + node, handler)
    for part in reversed(model.parts(node)):
        testbed.uevent("/sys" + part, "add")


def pull_hid(kind):
    node, fd, _handler = hid_here.pop(kind)
    for part in HID_MODELS[kind].parts(node):
        testbed.uevent("/sys" + part, "remove")
        testbed.remove_device("/sys" + part)
    testbed.detach_ioctl("/dev/" + node)
    forget_terminal("240:" + node.removeprefix("hidraw"))
    # The reader's next read fails, as it does for a device that is gone.
    os.close(fd)


def plug_printer():
    printer = UsbPrinter(testbed, lambda data: tell({"printer": data.hex()}), 5 + pluggings["printer"])
    pluggings["printer"] += 1
    here["printer"] = printer

    def pulled_itself():
        tell({"pulled": "printer"})

    printer.unplugged = pulled_itself
    printer.plug()


def plug_port(name):
    path, text = port_text(name, 80 + pluggings["port"])
    pluggings["port"] += 1
    testbed.add_from_string(text)
    fd = testbed.get_dev_fd("/dev/" + name)
    tty.setraw(fd)
    watch = GLib.io_add_watch(fd, GLib.IO_IN, on_port)
    here["port"] = (name, path, fd, b"", watch)
    testbed.uevent("/sys" + ADAPTER, "add")
    testbed.uevent("/sys" + path, "add")


def on_port(fd, _condition):
    if here["port"] is None or here["port"][2] != fd:
        return False
    name, path, _fd, before, watch = here["port"]
    try:
        lines = (before + os.read(fd, 4096)).split(b"\r\n")
    except OSError:
        return False
    here["port"] = (name, path, fd, lines.pop(), watch)
    for line in lines:
        tell({"received": line.decode("latin1")})
    return True


def pull_port():
    name, path, fd, _rest, watch = here["port"]
    here["port"] = None
    # A watch that stays would watch whatever gets this number next.
    GLib.source_remove(watch)
    for part in (path, ADAPTER):
        testbed.uevent("/sys" + part, "remove")
        testbed.remove_device("/sys" + part)
    forget_terminal("188:" + name.removeprefix("ttyUSB"))
    os.close(fd)


def order(line):
    word, _, rest = line.partition(" ")
    if word in ("plug-scale", "plug-scanner"):
        plug_hid(word.removeprefix("plug-"))
    elif word in ("pull-scale", "pull-scanner"):
        pull_hid(word.removeprefix("pull-"))
    elif word == "report":
        os.write(hid_here["scale"][1], bytes.fromhex(rest))
    elif word == "scan":
        os.write(hid_here["scanner"][1], bytes.fromhex(rest))
    elif word == "plug-printer":
        plug_printer()
    elif word == "pull-printer":
        here["printer"].unplug()
    elif word == "pull-in-label":
        here["printer"].unplug_in_label = int(rest)
    elif word == "plug-port":
        plug_port(rest)
    elif word == "pull-port":
        pull_port()
    elif word == "send":
        os.write(here["port"][2], rest.encode("latin1") + b"\r\n")
    elif word == "say":
        os.write(here["port"][2], bytes.fromhex(rest))
    else:
        print(line, flush=True)


command = sys.argv[1:]
seconds = 25
if command[0] == "--seconds":
    seconds = int(command[1])
    command = command[2:]
environment = dict(os.environ, UMOCKDEV_DIR=testbed.get_root_dir(), LD_PRELOAD="libumockdev-preload.so.0")
child = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
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
GLib.timeout_add_seconds(seconds, lambda: child.send_signal(signal.SIGKILL))
loop.run()
for line in source.read().decode().splitlines():
    print(line)
sys.stdout.flush()
os._exit(0 if status[0] == 0 else 1)
