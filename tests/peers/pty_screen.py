"""A program under a pseudo-terminal, and as much of a terminal as it makes use of: what a person would see."""
import codecs
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import unicodedata

DEADLINE_SECONDS = 60


class Screen:
    """ECMA-48 in small: cursor up, erase, colours. Whatever else comes is kept in `strange`."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [[]]       # of cells, from the top of the screen to the lowest that was touched
        self.history = []       # what has scrolled out
        self.row = self.column = 0
        self.wrapped = 0        # lines that went on in the next one by themselves
        self.colours = 0
        self.moves_up = 0
        self.strange = []
        self.pending = ""
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def resize(self, columns, rows):
        """As terminals do it that do not fill lines anew."""
        self.columns, self.rows = columns, rows
        for line in self.lines:
            del line[columns:]
        self.column = min(self.column, columns - 1)
        while self.row >= rows:
            self.scroll()

    def scroll(self):
        self.history.append(self.lines.pop(0))
        self.row -= 1

    def feed(self, data):
        text, self.pending = self.pending + self.decode(data), ""
        at = 0
        while at < len(text):
            if text[at] != "\x1b":
                self.put(text[at])
                at += 1
                continue
            found = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])").match(text, at)
            if found is None:
                if len(text) - at < 12:
                    self.pending = text[at:]  # the rest is on its way
                    return
                self.strange.append(text[at:at + 12])
                at += 1
                continue
            self.obey(found[1], found[2])
            at = found.end()

    def obey(self, numbers, order):
        if order == "A" and numbers.isdigit():
            self.moves_up += 1
            self.row = max(0, self.row - int(numbers))
        elif order == "K" and numbers == "":
            del self.line()[self.column:]
        elif order == "J" and numbers == "":
            del self.line()[self.column:]
            del self.lines[self.row + 1:]
        elif order == "m":
            self.colours += 1
        else:
            self.strange.append(f"ESC[{numbers}{order}")

    def line(self):
        while len(self.lines) <= self.row:
            self.lines.append([])
        return self.lines[self.row]

    def put(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.down()
        elif unicodedata.category(char) == "Cc":
            self.strange.append(repr(char))
        elif unicodedata.combining(char):
            if self.column:
                self.line()[self.column - 1] += char
        else:
            width = 2 if unicodedata.east_asian_width(char) in "WF" else 1
            if self.column + width > self.columns:
                self.wrapped += 1
                self.column = 0
                self.down()
            line = self.line()
            line.extend(" " * (self.column + width - len(line)))
            line[self.column:self.column + width] = [char] + [""] * (width - 1)
            self.column += width

    def down(self):
        self.row += 1
        self.line()
        if self.row >= self.rows:
            self.scroll()

    def visible(self):
        return ["".join(line).rstrip() for line in self.lines]

    def transcript(self):
        """All that can be read, scrolling back."""
        return ["".join(line).rstrip() for line in self.history] + self.visible()


class Picture:
    """What was on the screen at one moment."""

    def __init__(self, screen):
        self.lines = screen.visible()
        self.wrapped = screen.wrapped
        self.scrolled = len(screen.history)

    def visible(self):
        return self.lines


class OnTerminal:
    """A program whose standard streams are one terminal."""

    def __init__(self, command, directory, environment, size=(80, 24)):
        self.screen = Screen(*size)
        self.raw = b""
        self.pictures = []      # after each piece that came: nothing is missed, however busy the machine
        self.changed = threading.Condition()
        self.ended = False
        self.master, slave = pty.openpty()
        self.set_size(*size)
        self.process = subprocess.Popen(command, cwd=directory, env=environment, stdin=slave,
                                        stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        threading.Thread(target=self.read, daemon=True).start()

    def set_size(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        with self.changed:
            self.set_size(columns, rows)
            self.screen.resize(columns, rows)

    def read(self):
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the last one who had it open is gone
                data = b""
            with self.changed:
                self.raw += data
                self.ended = not data
                self.screen.feed(data)
                self.pictures.append(Picture(self.screen))
                self.changed.notify_all()
            if not data:
                return

    def wait_until(self, seen, what):
        """The first picture of which seen(picture) is true, so far or to come; `what` names it when there is none."""
        looked = 0

        def found():
            nonlocal looked
            for picture in self.pictures[looked:]:
                if seen(picture):
                    return picture
                looked += 1
            return self.ended
        with self.changed:
            picture = self.changed.wait_for(found, timeout=DEADLINE_SECONDS)
            if not isinstance(picture, Picture):
                raise AssertionError(f"{what} was not seen; on the screen:\n" + "\n".join(self.screen.transcript()))
            return picture

    def finish(self):
        """Its exit code; the screen is complete then."""
        try:
            code = self.process.wait(timeout=DEADLINE_SECONDS)
        finally:
            self.process.kill()
        with self.changed:
            self.changed.wait_for(lambda: self.ended, timeout=DEADLINE_SECONDS)
        return code
