"""A template database once, a copy for each test."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from commandcenter.db import schema
from tests.db.centre import Centre, Template, connected
from tests.db.county import Logins, build


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end from a fixture that has no loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[Template]:
    made = Template(server, f"cc_test_{os.getpid()}", Logins(f"t{os.getpid()}"))

    async def make() -> None:
        await schema.create_database(server, made.name)
        url = schema.with_database(server, made.name)
        await schema.upgrade(url)
        async with connected(url) as root:
            await build(root, made.logins)

    async def remove() -> None:
        async with connected(server) as root:
            await root.execute(f"drop database {made.name} with (force)")
            for login in made.logins.all():
                await root.execute(f"drop role {login}")

    run(make())
    yield made
    run(remove())


@pytest.fixture
async def centre(template: Template) -> AsyncIterator[Centre]:
    """A database of this test's own."""
    name = await template.copy()
    made = Centre(template, name)
    yield made
    await made.close()
    await template.drop(name)


@pytest.fixture(scope="session")
def untouched_name(template: Template) -> Iterator[str]:
    names: list[str] = []

    async def make() -> None:
        names.append(await template.copy())

    run(make())
    yield names[0]
    run(template.drop(names[0]))


@pytest.fixture
async def untouched(template: Template, untouched_name: str) -> AsyncIterator[Centre]:
    """One database for all tests that change nothing, or roll back what they try."""
    made = Centre(template, untouched_name)
    yield made
    await made.close()
