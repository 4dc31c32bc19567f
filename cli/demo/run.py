"""One run of the demo: everything started, the story beside the supervisor, everything ended."""

import os
import threading
from contextlib import ExitStack
from functools import partial

from rich.console import Console

from cli import up
from cli.demo import expected
from cli.demo.feed import Feed
from cli.demo.mailbox import Mailbox
from cli.demo.receiver import Receiver
from cli.demo.story import Story
from cli.demo.table import Progress, table
from cli.output import Lines
from core.clock import day_in, now
from core.errors import RejectedInput, YinqiError
from core.settings import Settings, settings
from seeds.samples import samples


class Demo:
    """One run; `code` is how it will end."""

    def __init__(self, *, once: bool, timeout: float, verbose: bool) -> None:
        self.once, self.timeout, self.verbose = once, timeout, verbose
        self.console = Console(highlight=False, width=None if Console().is_terminal else 160)
        self.lines = Lines(console=self.console)
        self.status = self.console.status("") if self.console.is_terminal and not verbose else None
        self.stop = threading.Event()
        self.code = 130
        self._last: Progress | None = None

    def run(self, port: int | None) -> int:
        """Start everything, let the story happen beside the supervisor, and end everything."""
        articles = samples(day_in(now()))
        config = _settings()
        os.chdir(config.home)  # so that a .env of the caller's does not steer the demo
        with ExitStack() as exits:
            mailbox = exits.enter_context(Mailbox())
            more = {
                "YINQI_ALLOWED_NETWORKS": "127.0.0.0/8",
                "YINQI_SMTP_HOST": "127.0.0.1",
                "YINQI_SMTP_PORT": str(mailbox.port),
                "YINQI_SMTP_TLS": "none",
            }
            prepared = exits.enter_context(
                up.stack(config, port=self._port(config, port), workers=None, say=self._say, more=more, fresh=True)
            )
            feed, receiver = exits.enter_context(Feed(articles)), exits.enter_context(Receiver())
            self.stop = up.until_stopped()
            story = Story(prepared.address, articles, feed, receiver, mailbox, self.stop, self._show)
            log = exits.enter_context((config.home / "demo.log").open("w", encoding="utf-8"))
            supervisor = up.supervise(prepared, say=partial(self._log, Lines(log)))
            threading.Thread(target=self._tell, args=(story,), daemon=True).start()
            supervisor.run(self.stop)
        return self.code

    def _tell(self, story: Story) -> None:
        """The story with its end; runs beside the supervisor, and stops it at the end of `--once`."""
        try:
            faults = story.run(self.timeout)
        except (YinqiError, OSError) as error:
            faults = [str(error)]
        if faults is not None:
            self._finish(story, faults)
        if self.once or faults is None:
            self.stop.set()

    def _finish(self, story: Story, faults: list[str]) -> None:
        if self.status is not None:
            self.status.stop()
        self.console.print(table(expected.last_told(story.receiver.alerts.values()).values()))
        for fault in faults:
            self.console.print(f"missing or wrong: {fault}", style="red", markup=False, soft_wrap=True)
        self.code = 1 if faults else 0
        if not faults:
            told = f"{len(story.wants)} events from {len(story.articles)} articles"
            self._say(f"all arrived: {told}, each by a signed webhook and by e-mail")
        if not self.once:
            folder = settings().home
            self._say(f"feed: {story.feed.url}")
            self._say(f"API: {story.address} (try /v1/events with the key in {folder / 'secrets' / 'demo_key'})")
            self._say(f"logs: {folder / 'demo.log'}; it all stays up until Ctrl-C")

    def _show(self, progress: Progress) -> None:
        """The progress, in a line of its own that moves on a terminal."""
        if self.status is not None:
            self.status.update(str(progress))
            self.status.start()
        elif progress != self._last:
            self._last = progress
            self._say(str(progress))

    def _log(self, file: Lines, service: str, line: str) -> None:
        """Every line to the log; on the terminal only what the supervisor says, unless told otherwise."""
        file(service, line)
        if self.verbose or service == "yinqi":
            self.lines(service, line)

    def _port(self, config: Settings, port: int | None) -> int:
        """The port that was asked for, else the setting's where the demo stays up and that is free, else any."""
        if port is not None or self.once:
            return port or 0
        try:
            return up.free_port(config.api_host, config.api_port)
        except RejectedInput:
            return 0

    def _say(self, line: str) -> None:
        self.lines.own(line)


def _settings() -> Settings:
    """The settings of the caller with a home of the demo's own and servers of its own."""
    config = settings()
    home = config.home.absolute() / "demo"
    home.mkdir(parents=True, exist_ok=True)
    return config.model_copy(update={"home": home, "database_url": "", "broker_url": "", "encryption_key": None})
