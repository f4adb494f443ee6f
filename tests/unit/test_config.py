from pathlib import Path

import pytest

from commandcenter.config import load_settings
from commandcenter.errors import PersonError


def test_data_folder_comes_from_the_environment_and_is_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings({"CC_DATA_DIR": "here"}).data_dir == tmp_path / "here"


def test_without_anything_the_platform_decides_and_the_database_is_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = load_settings({})
    assert settings.data_dir.is_absolute()
    assert settings.data_dir.name == "commandcenter"
    assert settings.database_url is None


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for chosen in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(PersonError, match=r"/(file|inside) 不是文件夹"):
            load_settings({"CC_DATA_DIR": str(chosen)})


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('database_url = "postgresql://file/a"\n', encoding="utf-8")
    environment = {"CC_DATA_DIR": str(tmp_path)}
    assert load_settings(environment).database_url == "postgresql://file/a"
    environment["CC_DATABASE_URL"] = "postgresql://environment/b"
    assert load_settings(environment).database_url == "postgresql://environment/b"


@pytest.mark.parametrize(
    "text", ["database_url =", 'databse_url = "x"', "database_url = 5", 'database_url = ""', "\udcff"]
)
def test_a_wrong_file_is_said_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PersonError, match=r"settings\.toml") as caught:
        load_settings({"CC_DATA_DIR": str(tmp_path)})
    assert caught.value.advice
    assert str(caught.value) == caught.value.sentence + caught.value.advice
