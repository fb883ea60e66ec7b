"""A cache in Redis that may be away: the site then works without a cache, only slower."""

import logging
import time
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

ASK_AGAIN_AFTER = 5
"""Seconds in which a Redis that did not answer is not asked again, so that pages do not wait for it one after the other."""


class SteadyRedisCache(RedisCache):
    """While Redis does not answer, nothing is found and nothing is kept."""

    _away_until = 0.0

    def _ask(self, method: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        cls = type(self)
        if time.monotonic() < cls._away_until:
            return otherwise
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.error("The cache does not answer, and is not used for %s seconds: %s", ASK_AGAIN_AFTER, error)
            cls._away_until = time.monotonic() + ASK_AGAIN_AFTER
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Keep a value if there is none; true when Redis is away, as if it had been the first."""
        return self._ask("add", True, *args, **kwargs)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default."""
        return self._ask("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep a value."""
        self._ask("set", None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Keep a value for longer; false if there is none."""
        return self._ask("touch", False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Remove a value; false if there is none."""
        return self._ask("delete", False, *args, **kwargs)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """The values that are there."""
        return self._ask("get_many", {}, keys, version)

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> list[str]:
        """Keep several values; returns the keys that were not kept."""
        return self._ask("set_many", list(data), data, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        """Remove several values."""
        self._ask("delete_many", None, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Whether there is a value."""
        return self._ask("has_key", False, *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number. Raises ValueError if there is none, also when Redis is away."""
        value = self._ask("incr", None, key, delta, version)
        if value is None:
            raise ValueError(f"Key {key!r} not found")
        return value

    def clear(self) -> None:
        """Remove all values."""
        self._ask("clear", None)
