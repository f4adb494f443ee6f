"""The category classifier: what it learns, how sure it says it is, why, and how it is written down."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from commandcenter.errors import PersonError
from commandcenter.intake.category.model import Model
from commandcenter.intake.category.sample import Category, Sample, correction, digest
from commandcenter.intake.category.training import fold_of, same, train

PLACES = ("幸福小区", "滨海路", "城东市场", "和平街", "新村三组", "花园北门", "人民广场", "光明巷")
MATTERS = {
    "供热": ("暖气不热，室温只有十二度", "供热管道漏水，要求热力公司处理", "已经供暖，家里暖气片是凉的"),
    "道路": ("路面破损有大坑，影响通行", "道路坑洼不平，请修补路面", "人行道路面塌陷，地砖破损"),
    "噪音": ("夜间施工噪音扰民", "广场舞音响噪音太大，无法休息", "烧烤店噪音影响睡眠"),
    "工资": ("单位拖欠工资三个月", "老板不发工资，要求支付工资", "离职后工资一直没有结清"),
}
SAMPLES = [
    Sample(label, f"{place}{day}日反映，{said}。{closing}")
    for label, texts in MATTERS.items()
    for said in texts
    for place in PLACES
    for day, closing in (("三", "请尽快处理"), ("五", "希望有关部门重视"))
]
CATEGORIES = [
    Category("供热", ("暖气", "热力公司")),
    Category("道路", ("路面", "坑洼")),
    Category("噪音", ("扰民", "音响")),
    Category("工资", ("欠薪", "老板")),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(SAMPLES)


def test_it_suggests_what_it_was_taught_and_says_which_words_spoke(model: Model) -> None:
    first, *others = model.suggest("东关社区的暖气一点也不热")
    assert first.label == "供热"
    assert first.why
    assert any("暖气" in word for word in first.why)
    assert all(word in "东关社区的暖气一点也不热" for word in first.why)
    assert not any(one in other for one in first.why for other in first.why if one is not other)
    assert len(others) == 2
    assert first.probability > 0.5


def test_probabilities_are_shares_of_one_the_largest_first(model: Model) -> None:
    for suggestions in model.suggest(
        ["拖欠工资", "路面坏了，夜里噪音也大", "", "zzz", "🙂\ud800", "a" * 50_000], top=9
    ):
        shares = [each.probability for each in suggestions]
        assert len(shares) == len(MATTERS)
        assert sum(shares) == pytest.approx(1)
        assert shares == sorted(shares, reverse=True)


def test_one_text_and_many_are_suggested_alike_in_any_batch(model: Model) -> None:
    texts = [sample.text for sample in SAMPLES[::7]] * 90  # more than a batch
    together = model.suggest(texts)
    assert len(together) == len(texts) > 1024
    alone = model.suggest(texts[3])
    assert [each.label for each in alone] == [each.label for each in together[3]]
    assert alone[0].probability == pytest.approx(together[3][0].probability, abs=1e-5)


def test_width_case_and_the_value_of_digits_do_not_matter(model: Model) -> None:
    one = model.suggest("暖气只有１２度ＡＢ")
    other = model.suggest("暖气只有99度ab")
    assert [each.probability for each in one] == [each.probability for each in other]


def test_digits_are_never_a_reason(model: Model) -> None:
    why = [word for each in model.suggest("工资13800138000拖欠") for word in each.why]
    assert not any(letter.isdigit() for word in why for letter in word)


def test_without_samples_names_and_keywords_speak() -> None:
    cold = train([], CATEGORIES)
    assert not cold.calibrated
    assert cold.samples == 0
    assert cold.figures.macro_f1 is None
    for text, label in (("家里暖气不热", "供热"), ("村口路面坑洼", "道路"), ("老板欠薪", "工资"), ("音响扰民", "噪音")):
        assert cold.suggest(text)[0].label == label


def test_a_category_without_samples_is_still_found_beside_those_with_many() -> None:
    both = train(SAMPLES, [*CATEGORIES, Category("海洋渔业", ("渔船", "赶海"))], folds=0)
    assert both.suggest("渔船挡住了码头，赶海的人进不去")[0].label == "海洋渔业"


def test_no_category_at_all_is_one_sentence() -> None:
    with pytest.raises(PersonError, match="没有任何类别"):
        train([])


def test_six_hundred_categories_with_few_samples_each() -> None:
    rng = np.random.default_rng(5)
    letters = [chr(0x4E00 + at) for at in rng.choice(3000, 1200, replace=False)]
    topics = ["".join(letters[2 * at : 2 * at + 2]) for at in range(600)]
    samples = [
        Sample(f"类{at}", f"反映{topic}的问题，请处理{turn}") for at, topic in enumerate(topics) for turn in "甲乙丙"
    ]
    large = train(samples, folds=0)
    assert len(large.labels) == 600
    said = large.suggest([f"来电说{topic}不好" for topic in topics[::20]])
    assert [each[0].label for each in said] == [f"类{at}" for at in range(0, 600, 20)]


def test_an_officers_corrections_are_learned_and_count_for_more() -> None:
    text = "充电桩占了车位"
    before = train([*SAMPLES, Sample("道路", text)], folds=0)
    after = train([*SAMPLES, Sample("道路", text), correction("噪音", text)], folds=0)
    assert before.suggest(text)[0].label == "道路"
    assert after.suggest(text)[0].label == "噪音"
    assert before.learned_from != after.learned_from


def test_figures_count_every_sample_once_and_are_measured_unseen(model: Model) -> None:
    figures = model.figures
    assert figures.texts == len(SAMPLES)
    assert {each.label: each.samples for each in figures.labels} == dict.fromkeys(MATTERS, len(SAMPLES) // 4)
    assert figures.macro_f1 is not None
    assert figures.macro_f1 > 0.9  # each text's words occur in many others
    assert model.calibrated
    assert sum(each.texts for each in figures.reliability) == len(SAMPLES)
    noise = train(
        [Sample(label, f"{chr(0x4E00 + 13 * at)}{chr(0x5000 + 7 * at)}") for at in range(60) for label in "甲乙"]
    )
    assert noise.figures.macro_f1 is not None
    assert noise.figures.macro_f1 < 0.6, "the same texts with both labels cannot be told apart unseen"


def test_the_same_report_sent_again_is_never_split_between_learning_and_judging() -> None:
    long = "市民反映小区门口的公交车站没有遮雨棚，下雨天老人孩子等车都要淋雨，多次向有关部门反映都没有得到答复，希望尽快解决这个问题"
    samples = [
        Sample("甲", long),
        Sample("甲", f"您好：{long}"),
        Sample("甲", f"{long}，谢谢！"),
        Sample("甲", "路灯不亮"),
        Sample("甲", "路灯，不亮！"),
        Sample("甲", "路灯很亮"),
    ]
    groups = same(samples).tolist()
    assert groups[0] == groups[1] == groups[2] != groups[3]
    assert groups[3] == groups[4] != groups[5]
    folds = fold_of(samples * 3, 3, seed=1).tolist()
    assert len(set(folds[:3])) == 1
    assert folds[:6] == folds[6:12]


def test_folds_hold_every_category_evenly() -> None:
    folds = fold_of(SAMPLES, 4, seed=2)
    for label in MATTERS:
        mine = folds[[at for at, sample in enumerate(SAMPLES) if sample.label == label]]
        assert np.bincount(mine, minlength=4).tolist() == [len(SAMPLES) // 16] * 4


def test_the_hash_is_of_the_set_not_of_its_order_and_sees_every_change(model: Model) -> None:
    again = train(SAMPLES[::-1])
    assert again.learned_from == model.learned_from == digest(SAMPLES)
    assert again.to_bytes() == model.to_bytes()
    changed = [Sample("供热", SAMPLES[0].text, 2.0), *SAMPLES[1:]]
    assert len({digest(SAMPLES), digest(changed), digest(SAMPLES[1:]), digest([*SAMPLES, SAMPLES[0]])}) == 4


def test_what_is_read_back_says_exactly_the_same(model: Model) -> None:
    texts = [sample.text for sample in SAMPLES]
    for one in (model, train([], CATEGORIES), train(SAMPLES * 2, folds=0)):
        read = Model.from_bytes(one.to_bytes())
        assert read.suggest(texts) == one.suggest(texts)
        assert (read.labels, read.figures, read.learned_from) == (one.labels, one.figures, one.learned_from)


class Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_bytes_of_others_are_refused_and_nothing_in_them_is_carried_out(model: Model, tmp_path: Path) -> None:
    good = model.to_bytes()
    bad = tmp_path / "carried-out"
    trap = io.BytesIO()
    np.savez(trap, told=np.array([Trap(bad)], dtype=object))
    with np.load(io.BytesIO(good)) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    shapes = [{**parts, "keys": parts["keys"][:-1]}, {**parts, "grams": parts["grams"][:, :1]}]
    strangers = [b"", b"model", good[:-400], pickle.dumps(Trap(bad)), trap.getvalue(), *map(_packed, shapes)]
    strangers += [_packed({name: part for name, part in parts.items() if name != missing}) for missing in parts]
    for content in strangers:
        with pytest.raises(PersonError, match="分类模型"):
            Model.from_bytes(content)
    assert not bad.exists()


def test_a_damaged_model_is_refused_or_still_answers_whatever_is_damaged(model: Model) -> None:
    good = model.to_bytes()
    rng = np.random.default_rng(7)
    for _ in range(150):
        content = bytearray(good)
        for at in rng.integers(0, len(good), 4).tolist():
            content[at] = int(rng.integers(256))
        try:
            told = Model.from_bytes(bytes(content))
        except PersonError:
            continue
        assert len(told.suggest("暖气不热")) == 3


def test_a_model_that_would_unpack_to_more_than_it_may_is_refused(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = model.to_bytes()
    monkeypatch.setattr("commandcenter.intake.category.model.MOST_BYTES", 1_000)
    with pytest.raises(PersonError, match="分类模型"):
        Model.from_bytes(good)


def test_a_model_of_another_format_asks_for_training(model: Model) -> None:
    with np.load(io.BytesIO(model.to_bytes())) as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    told = parts["told"].tobytes().replace(b'"format": 1', b'"format": 9')
    with pytest.raises(PersonError, match="重新训练"):
        Model.from_bytes(_packed({**parts, "told": np.frombuffer(told, dtype=np.uint8)}))


def _packed(parts: dict[str, np.ndarray]) -> bytes:
    written = io.BytesIO()
    np.savez(written, **parts)
    return written.getvalue()
