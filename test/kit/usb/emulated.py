"""A USB label printer on umockdev: usbfs requests are answered as the kernel would answer for a ZPL printer.

One object is one plugging in: pulled and put back, the kernel gives a device another number, and so must whoever plugs it.
"""
import errno
import os
import struct

from gi.repository import UMockdev

HERE = os.path.dirname(os.path.abspath(__file__))
DEVICE = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2"
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


class UsbPrinter:
    """`number` is that of the device on its bus; `took` is called with all bytes the bulk OUT endpoint takes."""

    def __init__(self, testbed, took, number=5):
        self.testbed = testbed
        self.took = took
        self.number = number
        # The cable is pulled after so many bytes: that request ends with what was taken, the device disappears.
        self.unplug_after = None
        # The same, counted from the beginning of the next label on (`^XA`).
        self.unplug_in_label = None
        # Takes so many bytes, then nothing more, for ever.
        self.stall_after = None
        self.unplugged = lambda: None
        self.plugged = False
        self.taken = 0
        self.done = []
        self.reading = []
        self.stalled = []
        self.answers = bytearray()
        self.handler = UMockdev.IoctlBase.new()
        self.handler.connect("handle-ioctl", self.on_ioctl)

    def plug(self):
        self.plugged = True
        with open(os.path.join(HERE, "printer.umockdev"), encoding="utf-8") as file:
            text = file.read()
        number = self.number
        for before, after in (
            ("bus/usb/001/005", f"bus/usb/001/{number:03}"),
            ("DEVNUM=005", f"DEVNUM={number:03}"),
            ("MINOR=4", f"MINOR={number - 1}"),
            ("devnum=5", f"devnum={number}"),
            ("dev=189:4", f"dev=189:{number - 1}"),
        ):
            text = text.replace(before, after)
        self.testbed.add_from_string(text)
        self.testbed.attach_ioctl(f"/dev/bus/usb/001/{number:03}", self.handler)

    def unplug(self):
        self.plugged = False
        for urb, _room in self.reading:
            self.finish(urb, -errno.ENODEV, 0)
        self.reading.clear()
        self.testbed.uevent(DEVICE, "remove")
        self.testbed.remove_device(DEVICE)
        self.unplugged()

    def finish(self, urb, status, length):
        urb.update(4, struct.pack("i", status))
        urb.update(28, struct.pack("i", length))
        self.done.append(urb)

    def answer_reads(self):
        while self.reading and self.answers:
            urb, room = self.reading.pop(0)
            chunk = bytes(self.answers[:room])
            del self.answers[:room]
            urb.resolve(16, room).update(0, chunk)
            self.finish(urb, 0, len(chunk))

    def submit(self, urb):
        kind, endpoint = struct.unpack("BB", bytes(urb.retrieve())[:2])
        (length,) = struct.unpack("i", bytes(urb.retrieve())[24:28])
        if kind == URB_CONTROL:
            buffer = urb.resolve(16, length)
            answer = control_answer(bytes(buffer.retrieve())[:8])
            if answer is None:
                self.finish(urb, -errno.EPIPE, 0)
            else:
                answer = answer[: length - 8]
                buffer.update(8, answer)
                self.finish(urb, 0, len(answer))
            return
        if endpoint & 0x80:
            self.reading.append((urb, length))
            self.answer_reads()
            return
        data = bytes(urb.resolve(16, length).retrieve()) if length else b""
        if self.unplug_in_label is not None and b"^XA" in data:
            self.unplug_after = self.taken + data.index(b"^XA") + self.unplug_in_label
            self.unplug_in_label = None
        limit = self.unplug_after if self.unplug_after is not None else self.stall_after
        room = len(data) if limit is None else max(0, min(len(data), limit - self.taken))
        self.took(data[:room])
        self.taken += room
        if b"~HS" in data[:room]:
            self.answers.extend(HOST_STATUS)
            self.answer_reads()
        if room == len(data):
            self.finish(urb, 0, room)
        elif self.unplug_after is not None:
            self.finish(urb, -errno.ENODEV, room)
            self.unplug()
        else:
            self.stalled.append((urb, room))

    def discard(self, address):
        for urb, _room in list(self.reading):
            if urb.client_addr == address:
                self.reading.remove((urb, _room))
                self.finish(urb, -errno.ENOENT, 0)
                return
        for urb, room in list(self.stalled):
            if urb.client_addr == address:
                self.stalled.remove((urb, room))
                self.finish(urb, -errno.ENOENT, room)
                return

    def on_ioctl(self, _handler, client):
        request = client.get_request() & 0xFFFFFFFF
        argument = client.get_arg()
        if not self.plugged and request in (SUBMITURB, CLAIM, DISCONNECT_CLAIM):
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
            self.submit(argument.resolve(0, 56))
            client.complete(0, 0)
        elif request == DISCARDURB:
            self.discard(struct.unpack("L", bytes(argument.retrieve())[:8])[0])
            client.complete(0, 0)
        elif request in (REAPURB, REAPURBNDELAY):
            if self.done:
                argument.resolve(0, 8).set_ptr(0, self.done.pop(0))
                client.complete(0, 0)
            else:
                client.complete(-1, errno.EAGAIN if self.plugged else errno.ENODEV)
        else:
            client.complete(-1, errno.ENOTTY)
        return True
