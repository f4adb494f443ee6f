"""The gateway: the service, the keys of apps, the posters with QR codes."""

import argparse
from pathlib import Path

from commandcenter.cli.answer import Answer, Progress, told
from commandcenter.cli.options import Commands, command, count
from commandcenter.errors import PersonError
from commandcenter.services.centre import Centre


def add(commands: Commands) -> None:
    """Name them and their options."""
    gateway = command(
        commands, "gateway", "网关：App、小程序经 Open311 提交诉求，市民扫码提交和查看；SIGTERM 结束", serve
    )
    gateway.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认 127.0.0.1，只有本机能用")
    gateway.add_argument("--port", type=count, default=8311, metavar="端口", help="默认 8311；0 为任意空闲端口")
    gateway.add_argument("--spool", action="store_true", help="数据库中断时把诉求存在本机，恢复后登记；默认答复 503")
    gateway.add_argument("--spool-most", type=count, default=2000, metavar="件数", help="本机最多暂存几件，默认 2000")
    gateway.add_argument("--proxy", default="", metavar="地址", help="反向代理的地址，相信它报来的来源地址")
    gateway.add_argument(
        "--base-url", default="", metavar="URL", help="网关对外的地址，例如 https://12345.example.gov.cn"
    )
    parts = gateway.add_subparsers(title="命令", metavar="命令")
    keys = parts.add_parser("key", help="App 和其他系统的密钥", description="App 和其他系统的密钥")
    key = keys.add_subparsers(title="命令", metavar="命令", required=True)
    adding = command(key, "add", "增加密钥；只显示这一次", add_key)
    adding.add_argument("label", metavar="名称", help="给谁用，例如：荣成民生APP")
    adding.add_argument("--channel", required=True, metavar="渠道", help="渠道的名称、代号或编号")
    adding.add_argument("--hour-limit", type=count, default=3000, metavar="件数", help="每小时最多几件，默认 3000")
    command(key, "list", "列出密钥", list_keys)
    command(key, "revoke", "停用密钥", revoke_key).add_argument("id", type=count, metavar="编号")
    poster = command(parts, "poster", "一楼一码：把小区、楼栋的二维码存成可打印的 PDF", posters)
    chosen = poster.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--area", metavar="区域编号", help="一个区域（小区、社区）")
    chosen.add_argument("--all-estates", action="store_true", help="全部小区")
    poster.add_argument("out", metavar="OUT.pdf", type=Path)
    poster.add_argument(
        "--base-url", required=True, metavar="URL", help="网关对外的地址，例如 https://12345.example.gov.cn"
    )
    poster.add_argument("--buildings", default="", metavar="楼号", help="每栋一张：1-12 或 1,3,5")
    poster.add_argument("--per-page", type=int, choices=(1, 4), default=1, metavar="1|4", help="一页 A4 上几张，默认 1")


async def serve(options: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """Serve until told to end."""
    from commandcenter.cli.ending import told_to_end
    from commandcenter.gateway.serve import Listening, serve
    from commandcenter.services.gateway_login import own_login

    url = await own_login(centre) if centre.embedded else centre.url
    shelf = centre.settings.data_dir / "gateway-spool" if options.spool else None
    listening = Listening(options.host, options.port, shelf, options.spool_most, options.base_url, options.proxy)
    await serve(url, listening, told_to_end(), lambda words: print(words, flush=True))
    return Answer("网关已结束。")


async def add_key(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Make a key and show it this once."""
    from commandcenter.services import api_keys, people

    async with people.administering(centre.url) as db:
        made = await api_keys.add(db, label=options.label, channel=options.channel, hour_limit=options.hour_limit)
    facts = {"id": made.id, "channel": made.channel, "api_key": made.secret}
    return Answer(f"密钥 {made.id}（{made.channel}）：{made.secret}\n只显示这一次，请交给使用的单位妥善保管。", facts)


async def list_keys(_: argparse.Namespace, centre: Centre, __: Progress) -> Answer:
    """Every key, and what came by it."""
    from commandcenter.services import api_keys, people

    async with people.administering(centre.url) as db:
        found = await api_keys.read(db)
    lines = [
        "\t".join(
            [str(key.id), key.label, key.channel, f"每小时 {key.hour_limit} 件", f"共 {key.deliveries} 件"]
            + ([f"最近 {told(key.last_at)}"] if key.last_at else [])
            + ([] if key.active else ["已停用"])
        )
        for key in found
    ]
    facts = [
        {"id": key.id, "label": key.label, "channel": key.channel, "hour_limit": key.hour_limit, "active": key.active,
         "made_at": key.made_at, "made_by": key.made_by, "last_at": key.last_at, "deliveries": key.deliveries}
        for key in found
    ]  # fmt: skip
    return Answer("\n".join(lines) or "还没有密钥。", {"keys": facts})


async def revoke_key(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Let a key deliver no more."""
    from commandcenter.services import api_keys, people

    async with people.administering(centre.url) as db:
        label = await api_keys.revoke(db, options.id)
    return Answer(f"已停用密钥 {options.id}（{label}）。", {"id": options.id, "active": False})


async def posters(options: argparse.Namespace, centre: Centre, _: Progress) -> Answer:
    """Write the posters."""
    from commandcenter.reports.poster_pdf import buildings_of, poster_pdf, posters_of
    from commandcenter.services import gateway_reference, people

    async with people.administering(centre.url) as db:
        reference = await gateway_reference.read(db)
    spots = gateway_reference.spots_for_posters(reference.spots, options.area)
    wanted = posters_of(spots, options.base_url, reference.centre_name, buildings_of(options.buildings))
    content = poster_pdf(wanted, per_page=options.per_page)
    try:
        options.out.write_bytes(content)
    except OSError as error:
        raise PersonError(f"写不进“{options.out}”。", "请检查文件夹是否存在、是否可写。") from error
    return Answer(f"已存为 {options.out}，{len(wanted)} 张。", {"posters": len(wanted), "file": str(options.out)})
