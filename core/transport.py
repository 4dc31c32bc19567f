"""Celery's transport over Redis, with one fault of kombu's mended (`broker_transport` of core/celery_app.py).

A worker holds at most as many messages as it has processes, and asks the broker for more only when it has
acknowledged one. kombu 5.7 keeps counting a message whose acknowledgement failed because the broker was away. A worker
whose last message went so asks for nothing, so it does not even notice that it lost its connection, and it rests for
ever beside a full queue. Here a message is let go whether the broker heard of it or not: what the broker did not
hear it gives again after the visibility timeout, which costs nothing, since the row is the truth.
"""

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """The messages that a worker holds."""

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a message; the broker's error where it does not hear it."""
        try:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a message up, or back; the broker's error where it does not hear it."""
        try:
            super().reject(delivery_tag, requeue=requeue)  # type: ignore[no-untyped-call]
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


class Channel(redis.Channel):
    """A channel that counts so."""

    QoS = QoS


class Transport(redis.Transport):
    """What kombu is to use for `redis://` addresses."""

    Channel = Channel
