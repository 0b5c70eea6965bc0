"""Tables of the kernel: jobs that are due, idempotency keys, strict counters, stored files."""

from datetime import timedelta
from functools import partial

from django.db import models
from django.db.models import F, Q

from superapp.kernel.ids import new_id


class Job(models.Model):
    """Something that must happen at or after `due_at`. See kernel.outbox."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, blank=True)
    payload = models.JSONField(default=dict)
    queue = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(done_at=None, failed_at=None) & ~Q(key=""),
                name="one_open_job_per_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["queue", "due_at"],
                condition=Q(done_at=None, failed_at=None),
                name="jobs_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key or self.pk}"


class IdempotencyKey(models.Model):
    """The answer already given to a request. See kernel.idempotency."""

    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_key")]


class Tally(models.Model):
    """A strict counter of tries in a window; unlike the cache it survives everything."""

    key = models.CharField(max_length=120, primary_key=True)
    window_ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)


class StoredFile(models.Model):
    """A private file. Who may see it is decided by whatever row points at it, never by its id."""

    public_id = models.CharField(max_length=40, unique=True, default=partial(new_id, "file"))
    path = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public_id


class SandboxClock(models.Model):
    """How far the sandbox clock is ahead of the real one. At most one row."""

    ahead = models.DurationField(default=timedelta)

    @classmethod
    def offset(cls) -> timedelta:
        return cls.objects.filter(pk=1).values_list("ahead", flat=True).first() or timedelta()

    @classmethod
    def advance(cls, by: timedelta) -> None:
        cls.objects.get_or_create(pk=1)
        cls.objects.filter(pk=1).update(ahead=F("ahead") + by)
