"""Arrow record batches, a Dask cluster and Spark: the same records as ``annotator batch``."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
from functools import partial

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT

from annotator import Annotator, UsageError
from annotator.arrow import SPARK_SCHEMA, annotate_batches, schema

DAY = "2021-05-06"
TEXTS = ["He sold widgets. ", "Nothing happened. ", "“Gadgets”, said Müller. ", "", "nobody forbids them "]


@pytest.fixture
def articles(here):
    """A Parquet file of some row groups, with documents that fail among others."""
    rows = [
        {"id": f"d{n}", "when": f"20{n % 24:02}-03-04" if n % 50 else "soon", "text": TEXTS[n % 5] * (n % 40)}
        for n in range(600)
    ]
    rows[123]["text"] = None
    pq.write_table(pa.Table.from_pylist(rows), here / "in.parquet", row_group_size=50)
    return here / "in.parquet"


@pytest.fixture
def whole(articles, here, desk_run):
    """What a batch makes of them."""
    options = ("--date-column", "when", "--as-of", DAY, "--output", "json", "--workers", 0)
    done = desk_run("batch", "in.parquet", "-o", "whole.parquet", *options)
    assert done.exit_code == 4, done.stderr
    return here / "whole.parquet"


@pytest.fixture
def options(desk):
    """What is said to the functions for the same."""
    return {"date_column": "when", "as_of": DAY, "rules": [str(desk)], "default_rules": False}


# -- Arrow -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_record_batches_give_the_records_of_a_batch(articles, whole, options, size):
    batches = pq.ParquetFile(articles).iter_batches(batch_size=size)
    made = list(annotate_batches(batches, output="json", source="in.parquet", first_row=1, **options))
    assert all(batch.schema == schema() for batch in made)
    assert pa.Table.from_batches(made) == pq.read_table(whole)


def test_nothing_is_read_ahead_and_an_empty_batch_is_one(articles, options):
    taken = []

    def batches():
        for batch in pq.ParquetFile(articles).iter_batches(batch_size=10):
            taken.append(batch)
            yield batch

    made = annotate_batches(batches(), **options)
    assert not taken
    next(made)
    assert len(taken) == 1
    empty = taken[0].slice(0, 0)
    assert [batch.num_rows for batch in annotate_batches([empty], **options)] == [0]


def test_text_as_bytes_large_strings_and_dictionaries(desk):
    engine = Annotator([desk], default_rules=False)
    texts = ["widgets in Köln", "gadgets", "widgets in Köln"]
    kinds = [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]
    found = []
    for kind in kinds:
        values = [text.encode() for text in texts] if pa.types.is_binary(kind) else texts
        column = pa.array(values).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(values, kind)
        [made] = annotate_batches([pa.record_batch({"text": column})], as_of=DAY, annotator=engine)
        found.append(made.column("output").to_pylist())
    assert found == [found[0]] * len(kinds)
    assert found[0][0] == str(engine.annotate(texts[0], as_of=DAY))


@pytest.mark.parametrize(
    "wrong", [{"output": "pdf"}, {"notes": "never"}, {"format": "nosuch"}, {"as_of": "soon"}, {"text_column": "nosuch"}]
)
def test_wrong_options_are_refused(desk, wrong):
    batch = pa.record_batch({"text": ["widgets"]})
    with pytest.raises(UsageError):
        list(annotate_batches([batch], rules=[str(desk)], default_rules=False, **wrong))


def test_an_annotator_travels_without_its_rule_files(desk, tmp_path):
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(desk.read_bytes())
    engine = Annotator([copy], default_rules=False, cache=False, only=["desk.widgets"])
    before = engine.annotate("widgets and gadgets", as_of=DAY).render_bytes("json")
    packed = pickle.dumps(engine)
    copy.unlink()
    assert pickle.loads(packed).annotate("widgets and gadgets", as_of=DAY).render_bytes("json") == before


def test_libraries_for_many_documents_are_imported_when_used():
    code = (
        "import sys, annotator.arrow, annotator.distributed, annotator.batch; "
        "heavy = {'pyarrow', 'dask', 'distributed', 'warcio', 'numpy', 'spacy'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


# -- Dask ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as made,
        distributed.Client(made) as client,
    ):
        yield client


pytestmark = [
    pytest.mark.filterwarnings(
        # of the engines and their libraries, not ours to mend
        "ignore::ResourceWarning",
        "ignore::DeprecationWarning",
        "ignore::FutureWarning",
    ),
]


def test_a_cluster_gives_the_same_file_as_a_batch_though_a_worker_is_killed(cluster, articles, whole, options, here):
    from annotator.distributed import annotate_parquet

    killed = []

    def kill():
        folder = here / "out.parquet.partial" / "parts"
        while len(list(folder.glob("part-*.parquet"))) < 2:
            time.sleep(0.002)
        pid = cluster.run(lambda dask_worker: __import__("os").getpid())
        victim = psutil.Process(min(pid.values()))
        victim.kill()
        killed.append(victim.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    counts = annotate_parquet(cluster, "in.parquet", "out.parquet", output_format="json", rows=1, **options)
    thread.join()
    assert killed
    assert counts == {"documents": 600, "failed": 12, "annotations": counts["annotations"], "worst": 4}
    assert (here / "out.parquet").read_bytes() == whole.read_bytes()
    assert not (here / "out.parquet.partial").exists()


def test_a_cluster_run_that_was_stopped_goes_on_with_what_is_left(cluster, articles, whole, options, here, monkeypatch):
    from annotator import distributed

    def some(client, engine, tasks, work):
        real(client, engine, tasks[::2], work)
        raise KeyboardInterrupt

    real = distributed._work_off
    run = partial(distributed.annotate_parquet, cluster, "in.parquet", "out", output_format="json", rows=60, **options)
    with monkeypatch.context() as patched:
        patched.setattr(distributed, "_work_off", some)
        with pytest.raises(KeyboardInterrupt):
            run()
    with pytest.raises(UsageError, match="--resume goes on"):
        run()
    with pytest.raises(UsageError, match="notes was"):
        run(resume=True, notes="every")
    done = {path.name: path.stat().st_mtime_ns for path in (here / "out.partial" / "parts").iterdir()}
    assert len(done) == 3
    run(resume=True)
    parts = sorted((here / "out").iterdir())
    assert len(parts) == 6
    assert {path.name: path.stat().st_mtime_ns for path in parts if path.name in done} == done
    assert pa.concat_tables([pq.read_table(path) for path in parts]) == pq.read_table(whole)
    assert run(resume=True)["documents"] == 600


def test_the_command_takes_a_cluster(cluster, articles, whole, here, desk_run):
    options = ("--date-column", "when", "--as-of", DAY, "--output", "json", "--scheduler", cluster.scheduler.address)
    done = desk_run("batch", "in.parquet", "-o", "out.parquet", *options)
    assert done.exit_code == 4, done.stderr
    assert "600 documents, 12 failed" in done.stderr
    assert (here / "out.parquet").read_bytes() == whole.read_bytes()
    assert desk_run("batch", "in.parquet", "-o", "b.parquet", *options, "--workers", 2).exit_code == 2
    (here / "a.txt").write_text("widgets")
    assert desk_run("batch", "a.txt", "-o", "c.parquet", *options).exit_code == 2


@pytest.mark.parametrize("more", [{"detail": "full"}, {"notes": "every"}, {"jurisdictions": "un"}])
def test_what_shapes_the_notes_reaches_a_cluster_and_the_functions(cluster, articles, options, here, desk_run, more):
    words = ["--date-column", "when", "--as-of", DAY, "--output", "html"]
    for name, value in more.items():
        words += ["--" + name.replace("jurisdictions", "jurisdiction"), value]
    assert desk_run("batch", "in.parquet", "-o", "here.parquet", *words, "--workers", 0).exit_code == 4
    done = desk_run("batch", "in.parquet", "-o", "there.parquet", *words, "--scheduler", cluster.scheduler.address)
    assert done.exit_code == 4, done.stderr
    assert (here / "there.parquet").read_bytes() == (here / "here.parquet").read_bytes()
    batches = pq.ParquetFile(articles).iter_batches()
    made = annotate_batches(batches, output="html", source="in.parquet", first_row=1, **options, **more)
    assert pa.Table.from_batches(made) == pq.read_table(here / "here.parquet")


# -- Spark -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_spark_takes_the_function_as_it_is(articles, whole, options, here):
    for library in ("pyspark", "pandas"):
        pytest.importorskip(library, reason="Spark is large, and needs Java; pip install pyspark pandas")
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(here / "warehouse"))
        .getOrCreate()
    )
    try:
        work = partial(annotate_batches, id_column="id", output="json", source="in.parquet", **options)
        frame = spark.read.parquet(str(articles)).mapInArrow(work, SPARK_SCHEMA)
        rows = sorted((row.asDict() for row in frame.collect()), key=lambda row: int(row["id"][1:]))
    finally:
        spark.stop()
    expected = [{**row, "row": None} for row in pq.read_table(whole).to_pylist()]
    assert rows == expected
