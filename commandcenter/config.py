"""Where this installation keeps its things, and which database it works on."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from commandcenter.errors import PersonError

SETTINGS_FILE = "settings.toml"
KNOWN_SETTINGS = frozenset({"database_url"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one installation."""

    data_dir: Path
    """Absolute folder for everything this installation writes: embedded database, logs, local spool."""
    database_url: str | None = None
    """URL of a shared Postgres server; None means the embedded one."""


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings: environment first, then ``settings.toml`` in the data folder, then the defaults.

    ``CC_DATA_DIR`` moves the data folder (default: the platform's own place for user data), ``CC_DATABASE_URL`` or
    the file's ``database_url`` names a shared server. Raises PersonError when the file cannot be understood.
    """
    chosen = environment.get("CC_DATA_DIR", "")
    data_dir = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("commandcenter", appauthor=False)
    data_dir = Path(os.path.abspath(data_dir))  # noqa: PTH100 - resolve() would follow links and change the identity
    filed = _read_file(data_dir / SETTINGS_FILE)
    return Settings(data_dir=data_dir, database_url=environment.get("CC_DATABASE_URL") or filed.get("database_url"))


def _read_file(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise PersonError(
            f"数据文件夹 {path.parent} 不是文件夹。", "请用 CC_DATA_DIR 指定一个文件夹，还没有的会自动建立。"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PersonError(f"设置文件 {path} 读不懂。", "请改正或删除该文件后重试。") from error
    unknown = sorted(values.keys() - KNOWN_SETTINGS)
    if unknown:
        raise PersonError(f"设置文件 {path} 中有不认识的项:{'、'.join(unknown)}。", "可用的项:database_url。")
    if not all(isinstance(value, str) and value for value in values.values()):
        raise PersonError(f"设置文件 {path} 中的值应为非空文字。", '例如:database_url = "postgresql://…"。')
    return values
