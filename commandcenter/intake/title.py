"""A title for a report that has none: its first sentence, short, on one line, without numbers or names of persons."""

import re

from commandcenter.domain.masking import mask_text

LONGEST = 40
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_END = re.compile(r"[。！？!?；;\n]")
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓单杭洪包左石"
    "崔吉龚程邢裴陆荣翁荀羊惠甄曲封芮储靳松井段富巫乌焦巴弓牧隗山谷车侯全班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶黎"
    "薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎"
    "充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东殴沃利蔚越夔隆师巩厍聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关查"
)
FEWEST_DIGITS = 7
"""No number that is masked has fewer: most titles need no look at all."""
_NO_DIGIT = re.compile(r"\D+")
_TITLES = ("先生", "女士", "小姐", "师傅", "大爷", "大妈", "阿姨", "老师")
_INTRODUCTIONS = ("我叫", "我是", "本人", "姓名", "诉求人", "反映人", "来电人", "联系人", "投诉人", "举报人")
_TITLED = re.compile(rf"[{_SURNAMES}](?:{'|'.join(_TITLES)})")
_INTRODUCED = re.compile(
    rf"(?:{'|'.join(_INTRODUCTIONS)})(?:叫|是|为)?[:： ]{{0,2}}([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
    r"(?=[,，。、;；\s(（:：\d]|$)"
)


def title_of(content: str, name: str = "", *, given: str = "") -> str:
    """Give at most 40 characters: the `given` title, or the first sentence of the content; never empty.

    Masked are phone and identity numbers, the citizen's own `name`, and names that introduce themselves. Names in the
    middle of a sentence cannot be told from other words and stay.
    """
    sentences = (_line(part) for part in _END.split(content))
    text = _line(given) or next(filter(None, sentences), "") or _line(content)
    if len(_NO_DIGIT.sub("", text)) >= FEWEST_DIGITS:
        text = mask_text(text)
    if len(name.strip()) >= 2:
        text = text.replace(name.strip(), f"{name.strip()[0]}*")
    if any(word in text for word in _TITLES):
        text = _TITLED.sub(lambda found: f"*{found[0][1:]}", text)
    if any(word in text for word in _INTRODUCTIONS):
        text = _INTRODUCED.sub(lambda found: found[0].replace(found[1], f"{found[1][0]}*"), text)
    return text[:LONGEST].strip() or "（无标题）"


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
