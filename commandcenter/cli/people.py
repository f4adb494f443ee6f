"""Commands on people and their logins."""

import argparse
import sys

from commandcenter.cli.answer import Answer, Progress
from commandcenter.cli.options import Commands, command, group
from commandcenter.services.centre import Centre

_ROLES = "duty caller responder supervisor followup analyst wall intake admin"
_POSTS = "town_head section_head director leader"


def add(commands: Commands) -> None:
    """Name them and their options."""
    person = group(commands, "person", "人员和登录名")
    adding = command(person, "add", "增加人员", new)
    adding.add_argument("login", metavar="登录名")
    adding.add_argument("--role", required=True, metavar="岗位", help=_ROLES.replace(" ", "、"))
    adding.add_argument("--unit", required=True, metavar="单位", help="单位的编号、名称或简称")
    adding.add_argument("--name", default="", metavar="姓名", help="默认同登录名")
    adding.add_argument("--post", default="", metavar="职务", help=_POSTS.replace(" ", "、"))
    adding.add_argument("--password-stdin", action="store_true", help="从标准输入读密码；默认生成一个并显示")
    command(person, "list", "列出人员", listing)
    command(person, "disable", "停用登录名", disable).add_argument("login", metavar="登录名")
    posting = command(person, "post", "设置或取消职务", give_post)
    posting.add_argument("login", metavar="登录名")
    posting.add_argument("post", nargs="?", default="", metavar="职务", help=f"{_POSTS.replace(' ', '、')}；不写为取消")
    changing = command(person, "password", "更换密码", password)
    changing.add_argument("login", metavar="登录名")
    changing.add_argument("--password-stdin", action="store_true", help="从标准输入读密码；默认生成一个并显示")


def _password(options: argparse.Namespace) -> tuple[str, bool]:
    """(password, whether it was made here and has to be shown)."""
    from secrets import token_urlsafe

    if options.password_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    return token_urlsafe(12), True


async def new(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Make a person and the login."""
    from commandcenter.services import people

    secret, made = _password(options)
    async with people.administering(centre.url) as db:
        found = await people.add(
            db,
            login=options.login,
            name=options.name or options.login,
            role=options.role,
            unit=options.unit,
            password=secret,
            post=options.post,
        )
    shown = {"password": secret} if made else {}
    text = f"已增加 {options.login}（{found.unit_name}）。" + (f"密码：{secret}" if made else "")
    return Answer(text, {"login": found.login, "role": found.role, "unit": found.unit_name, **shown})


async def listing(_: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """Everybody, those who may sign in first."""
    from commandcenter.services import people

    async with people.administering(centre.url) as db:
        found = await people.read(db)
    lines = [
        "\t".join(
            [each.login, each.name, each.role.removeprefix("cc_"), each.unit_name]
            + ([each.post] if each.post else [])
            + ([] if each.active else ["已停用"])
            + (["演示账号"] if each.demo else [])
        )
        for each in found
    ]
    facts = [
        {"login": each.login, "name": each.name, "role": each.role, "unit": each.unit_name, "active": each.active,
         "demo": each.demo, "post": each.post}
        for each in found
    ]  # fmt: skip
    return Answer("\n".join(lines) or "还没有人员。", {"people": facts})


async def give_post(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Give a person a post, or take it."""
    from commandcenter.services import people

    async with people.administering(centre.url) as db:
        await people.set_post(db, login=options.login, post=options.post)
    said = f"已设置 {options.login} 的职务：{options.post}。" if options.post else f"已取消 {options.login} 的职务。"
    return Answer(said, {"login": options.login, "post": options.post})


async def disable(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Let a login sign in no more."""
    from commandcenter.services import people

    async with people.administering(centre.url) as db:
        await people.disable(db, options.login)
    return Answer(f"已停用 {options.login}。", {"login": options.login, "active": False})


async def password(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Give a login another password."""
    from commandcenter.services import people

    secret, made = _password(options)
    async with people.administering(centre.url) as db:
        await people.change_password(db, options.login, secret)
    shown = {"password": secret} if made else {}
    return Answer(
        f"已更换 {options.login} 的密码。" + (f"新密码：{secret}" if made else ""), {"login": options.login, **shown}
    )
