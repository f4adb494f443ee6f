"""Addresses of databases as people write them: postgresql://login:password@host:port/database."""

from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from commandcenter.errors import PersonError

DEFAULT_DATABASE = "commandcenter"


def plain(url: str) -> str:
    """The address as the driver wants it. Raises PersonError where it is no Postgres address."""
    scheme, _, rest = url.strip().partition("://")
    if scheme.partition("+")[0] not in {"postgresql", "postgres"} or not rest:
        raise PersonError(
            "数据库地址应形如 postgresql://用户:密码@主机:5432/库名。", "请改正 --db 或 CC_DATABASE_URL。"
        )
    return f"postgresql://{rest}"


def login_of(url: str) -> str:
    """The login in an address; empty where there is none."""
    return unquote(urlsplit(plain(url)).username or "")


def with_login(url: str, login: str, password: str) -> str:
    """The same server and database for another login. A bare ``host:port`` is taken for an address as well."""
    parts = urlsplit(plain(url if "://" in url else f"postgresql://{url}"))
    host = parts.netloc.rpartition("@")[2]
    path = parts.path if parts.path.strip("/") else f"/{DEFAULT_DATABASE}"
    return urlunsplit(parts._replace(netloc=f"{quote(login, safe='')}:{quote(password, safe='')}@{host}", path=path))


def with_database(url: str, database: str) -> str:
    """The same server and login, another database."""
    return _joined(urlsplit(plain(url))._replace(path="/" + quote(database, safe="")))


def server_of(url: str) -> str:
    """The address without login and password: what may be shown."""
    parts = urlsplit(plain(url))
    return _joined(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def database_of(url: str) -> str:
    """The database's name in an address; empty where there is none."""
    return unquote(urlsplit(plain(url)).path.strip("/"))


def _joined(parts: SplitResult) -> str:
    """The address again; urlunsplit alone leaves the slashes out where no host is named (a socket's folder is in the query)."""
    return urlunsplit(parts) if parts.netloc else f"{parts.scheme}://{urlunsplit(('', '', *parts[2:]))}"
