"""Clients that ask a server the same again and again, each a process with one connection that it keeps.

They speak just enough HTTP/1.1 to find the end of an answer: a client that does more would be what is measured.
"""

import contextlib
import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

NO_OP = "/no-op/"
PATIENCE = 120
"""Seconds after which an answer counts as lost."""


@dataclass
class Told:
    """What asking came to: seconds for each answer, its bytes with the head, how often each status came."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    elapsed: float = 0.0
    """How long the clients asked, in seconds."""
    spent: float = 0.0
    """Processor time of the clients themselves, in seconds."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.elapsed

    def add(self, other: "Told", beside: bool = False) -> None:
        """Take in what another client, that asked `beside` this one or after it, was told."""
        self.seconds += other.seconds
        self.size += other.size
        self.statuses += other.statuses
        self.spent += other.spent
        self.elapsed = max(self.elapsed, other.elapsed) if beside else self.elapsed + other.elapsed

    def percentile(self, share: float) -> float:
        """The time within which that share of the answers came, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def request(address: str, cookie: str = "", compressed: bool = True) -> bytes:
    """A request as a browser sends it, without the headers that no server reads."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench", "Accept: text/html,*/*;q=0.8"]
    if compressed:
        lines.append("Accept-Encoding: gzip, deflate, br")
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, "", ""]).encode()


class Line:
    """A connection that is kept."""

    def __init__(self, port: int, worker: int = 0) -> None:
        """`worker` is the process that has to answer; 0 takes whichever does."""
        self.port, self.worker = port, worker
        self.socket: socket.socket | None = None

    def open(self) -> None:
        """Connect, as often as it takes to get to the right worker. Raises ConnectionError if none is reached."""
        for _attempt in range(500):
            self.close()
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _status, answer = self.ask(request(NO_OP, compressed=False))
            if not self.worker or answer.endswith(f"\r\n\r\n{self.worker}".encode()):
                return
        raise ConnectionError(f"worker {self.worker} takes no connection")

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.socket:
            self.socket.close()
            self.socket = None

    def ask(self, sent: bytes) -> tuple[int, bytes]:
        """The status and the whole of the answer, as it came. Raises ConnectionError when the server hangs up."""
        self.socket.sendall(sent)
        parts = [self._receive()]
        while b"\r\n\r\n" not in parts[0]:
            parts[0] += self._receive()
        head, _end, begun = parts[0].partition(b"\r\n\r\n")
        head = head.lower()
        at = head.find(b"\r\ncontent-length: ")
        if at >= 0:
            missing = int(head[at + 18 : head.find(b"\r", at + 18) if b"\r" in head[at + 18 :] else None]) - len(begun)
            while missing > 0:
                parts.append(self._receive())
                missing -= len(parts[-1])
        elif b"transfer-encoding: chunked" in head:
            tail = b"\r\n" + begun[-7:]  # the last chunk may be the only one
            while not tail.endswith(b"\r\n0\r\n\r\n"):
                parts.append(self._receive())
                tail = (tail + parts[-1])[-7:]
        if b"\r\nconnection: close" in head:
            self.open()
        return int(parts[0][9:12]), b"".join(parts)

    def _receive(self) -> bytes:
        received = self.socket.recv(1 << 18)
        if not received:
            raise ConnectionError("the server hung up")
        return received

    def repeat(self, sent: bytes, seconds: float, most: int) -> Told:
        """Ask the same for `seconds`, at least once and at most `most` times."""
        told, clock = Told(), time.perf_counter
        try:
            self.ask(request(NO_OP, compressed=False))
        except (OSError, AttributeError):  # it was idle too long, or is not open yet
            self.open()
        spent, began = time.process_time(), clock()
        before, end = began, began + seconds
        while True:
            status, answer = self.ask(sent)
            now = clock()
            told.seconds.append(now - before)
            told.size += len(answer)
            told.statuses[status] += 1
            before = now
            if now >= end or len(told.seconds) >= most:
                break
        told.elapsed, told.spent = now - began, time.process_time() - spent
        return told


def _work(orders: Connection) -> None:
    line = None
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            order = orders.recv()
            try:
                if order[0] == "connect":
                    line = Line(*order[1:])
                    line.open()
                    orders.send(None)
                else:
                    orders.send(line.repeat(*order[1:]))
            except Exception as error:  # whatever it is, whoever waits for the answer has to hear of it
                if line:
                    line.close()  # what was asked for may still come
                orders.send(error)


class Clients:
    """So many processes that ask together."""

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.processes, self.pipes = [], []
        for _number in range(count):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there,), daemon=True)
            process.start()
            there.close()
            self.processes.append(process)
            self.pipes.append(here)

    def connect(self, port: int, workers: list[int]) -> None:
        """Connect all of them to the server at `port`, to its workers by turns: each then has as many to serve."""
        for number, pipe in enumerate(self.pipes):
            pipe.send(("connect", port, workers[number % len(workers)]))
        self._hear(self.pipes)

    def repeat(self, sent: bytes, seconds: float, most: int = 1_000_000, alone: int = 0) -> Told:
        """Let all of them, or the first `alone` of them, ask the same for so long."""
        asking = self.pipes[:alone] if alone else self.pipes
        for pipe in asking:
            pipe.send(("repeat", sent, seconds, most))
        told = Told()
        for one in self._hear(asking):
            told.add(one, beside=True)
        return told

    def _hear(self, pipes: list[Connection]) -> Iterator[Told]:
        answers = [pipe.recv() for pipe in pipes]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return iter(answers)

    def end(self) -> None:
        """Let them go."""
        for pipe in self.pipes:
            pipe.close()
        for process in self.processes:
            process.join(5)
