import pytest

from guide_app.domain import names


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("张三丰", "zhang san feng"), ("单雄信", "shan xiong xin"), ("曾国藩", "zeng guo fan"), ("仇英", "qiu ying"),
        ("解缙", "xie jin"), ("查良镛", "zha liang yong"), ("朴树", "piao shu"), ("区小明", "ou xiao ming"),
        ("盖叫天", "ge jiao tian"), ("缪斯", "miao si"), ("翟天", "zhai tian"), ("折可存", "she ke cun"),
        ("乐嘉", "yue jia"), ("员半千", "yun ban qian"), ("种师道", "chong shi dao"), ("秘明", "bi ming"),
        ("冼星海", "xian xing hai"), ("洗明", "xian ming"), ("逄明", "pang ming"), ("隗明", "wei ming"),
        ("厍明", "she ming"), ("盛明", "sheng ming"), ("覃明", "qin ming"), ("任明", "ren ming"), ("华明", "hua ming"),
        ("宁静", "ning jing"), ("尉迟敬德", "yu chi jing de"), ("万俟卨", "mo qi xie"), ("长孙无忌", "zhang sun wu ji"),
        ("令狐冲", "ling hu chong"), ("欧阳娜娜", "ou yang na na"), ("单于明", "chan yu ming"),
        ("乐正明", "yue zheng ming"),
        ("吕布", "lv bu"), ("单", "shan"), ("李单", "li dan"), ("王解", "wang jie"), ("單雄信", "shan xiong xin"),
    ],
)  # fmt: skip
def test_surname_first_pinyin(name: str, pinyin: str) -> None:
    assert names.search_keys(name).pinyin == pinyin


def test_keys_of_mixed_and_latin_names() -> None:
    assert names.search_keys("Anna  Müller") == names.SearchKeys("anna muller", "am", "a n n a m u l l e r")
    assert names.search_keys("Maria 王") == names.SearchKeys("maria wang", "mw", "m a r i a 王")
    assert names.search_keys("王Ann小明").pinyin == "wang ann xiao ming"
    assert names.search_keys("阿卜杜·买买提").initials == "abdmmt"
    assert names.search_keys("王２号") == names.SearchKeys("wang 2 hao", "w2h", "王 2 号")
    assert names.search_keys("ひろ Sато").pinyin == "ひろ sато"


@pytest.mark.parametrize("name", ["", "   ", "!!!", "😀", "\0", "·"])
def test_signs_alone_give_no_keys(name: str) -> None:
    assert names.search_keys(name) == names.SearchKeys("", "", "")


def test_a_huge_name_is_cut() -> None:
    assert len(names.search_keys("名" * 100_000).initials) == 32


def test_every_spelling_of_umlaut_and_the_given_name_is_found() -> None:
    tokens = names.pinyin_tokens("lv bu").split()
    assert tokens == ["lvbu", "bu", "lubu", "lyubu"]
    for typed in ("lv b", "LU", "lyubu", "lü", "lǚ bù", "bu", "lü'b"):
        assert any(token.startswith(names.pinyin_query(typed)) for token in tokens)


def test_tokens_of_other_names_have_one_spelling() -> None:
    assert names.pinyin_tokens("zhang san feng") == "zhangsanfeng sanfeng feng"
    assert names.pinyin_tokens("eva levi") == "evalevi levi"
    assert names.pinyin_tokens("") == ""


def test_characters_are_set_apart() -> None:
    assert names.spaced("O'Neil 单雄信") == "o n e i l 单 雄 信"
