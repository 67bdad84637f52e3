"""Medians of the store and its search over a million names; run by hand, or by `dev.py bench`.

    .venv/bin/python tests/bench/bench_store_search.py [names]

It judges nothing: times depend on the machine. It makes its store in a temporary folder and removes it.
"""

from __future__ import annotations

import functools
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

from sealdesk.models import search
from sealdesk.models.database import Store
from sealdesk.models.outbox import FactRow
from sealdesk.models.search import Texts

PLACES = ("上海", "北京", "杭州", "深圳市", "广州", "苏州", "南京", "成都市", "重庆", "武汉", "上海市浦东新区", "浙江省宁波市")
TRADES = ("计算机网络", "信息科技", "商贸", "餐饮管理", "建筑工程", "物流", "文化传播", "医疗器械", "教育咨询", "食品", "服装", "机械制造")
ENDINGS = ("有限公司", "有限责任公司", "股份有限公司", "分公司", "商行", "合作社")
CHARACTERS = "亿印华中天地金银铜铁木水火土日月星辰山川河海江湖春夏秋冬东西南北福禄寿喜财宝盛昌隆兴旺达通顺安康宁和平美丽新大小多少单重长行"
QUESTIONS = {
    "two rare characters": "亿印",
    "two common characters": "上海",
    "the commonest word": "有限公司",
    "one character": "印",
    "one common character": "公",
    "two common words": "上海 商贸",
    "four characters": "华中商贸",
    "words that never meet": "亿印 合作社 医疗器械",
    "initials, two": "sh",
    "initials, four": "shyy",
    "initials of the distinctive part": "yyjsj",
    "one letter": "s",
    "tail of a phone number": "4567",
    "tail, three digits": "456",
    "beginning of a code": "9131",
    "nothing": "龘龘",
}


def names(count: int, chance: random.Random) -> Iterator[tuple[int, Texts]]:
    for number in range(1, count + 1):
        own = "".join(chance.choices(CHARACTERS, k=chance.choice((2, 2, 3, 4))))
        name = chance.choice(PLACES) + own + chance.choice(TRADES) + chance.choice(ENDINGS)
        code = f"9131{chance.randrange(10**13):013d}X"
        yield number, Texts(name, (), (code,), (f"13{chance.randrange(10**9):09d}",))


def fill(store: Store, count: int) -> None:
    """Index that many names in transactions of 50,000; by `search.index`, one by one, it would take an hour."""
    everything = names(count, random.Random(2026))
    while batch := list(itertools.islice(everything, 50_000)):
        subjects: list[dict[str, Any]] = []
        codes: list[tuple[str, int]] = []
        for number, texts in batch:
            words, own_codes = search.terms(texts)
            subjects.append({"id": number, "subject": f"u{number}", "title": search.fold(texts.title), "words": words})
            codes.extend((code, number) for code in own_codes)
        with store.write() as session:
            connection = session.connection()
            connection.execute(
                text("INSERT INTO search_subjects (id, kind, subject_id, title) VALUES (:id, 'unit', :subject, :title)"), subjects
            )
            connection.execute(text("INSERT INTO search_words (rowid, words) VALUES (:id, :words)"), subjects)
            connection.exec_driver_sql("INSERT INTO search_codes (term, subject) VALUES (?, ?)", sorted(codes))


def measured(work: Callable[[], object], rounds: int) -> str:
    took: list[float] = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return f"median {statistics.median(took):8.2f} ms   95 % {took[int(len(took) * 0.95)]:8.2f} ms   worst {took[-1]:8.2f} ms"


def main(count: int) -> None:
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        store = Store.open(Path(folder) / "store.db", os.urandom(32))
        say(f"{'a new store':36} {(time.perf_counter() - start) * 1000:8.0f} ms\n")
        start = time.perf_counter()
        fill(store, count)
        say(f"{f'indexing {count} names':36} {time.perf_counter() - start:8.1f} s\n")
        store.close()
        say(f"{'size':36} {store.path.stat().st_size / 1024 / 1024:8.0f} MB\n")
        start = time.perf_counter()
        store = Store.open(store.path, store._key)
        say(f"{'opening it again':36} {(time.perf_counter() - start) * 1000:8.1f} ms\n")
        for title, question in QUESTIONS.items():
            with store.read() as session:
                hits = len(search.find(session, question))
                say(f"{f'{title} ({question})':36} {measured(functools.partial(search.find, session, question), 60)}   {hits} hits\n")

        def one_write() -> None:
            with store.write() as session:
                session.add(FactRow(name=os.urandom(8).hex(), value=1))

        def one_name() -> None:
            with store.write() as session:
                search.index(session, "unit", os.urandom(8).hex(), Texts("上海亿印计算机网络工程有限公司", (), (), ("13812345678",)))

        say(f"{'one small transaction':36} {measured(one_write, 100)}\n")
        say(f"{'one name indexed and committed':36} {measured(one_name, 100)}\n")
        start = time.perf_counter()
        store.backup(Path(folder) / "copy.db")
        say(f"{'backup, read back':36} {time.perf_counter() - start:8.1f} s\n")
        store.close()


def test_store_and_search_are_measured() -> None:
    """For `dev.py bench`, with fewer names: a million take twenty minutes to index."""
    main(int(os.environ.get("SEALDESK_BENCH_NAMES", "50000")))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
