import duckdb
import pytest

from lib.store import Store

REFUSED = (duckdb.PermissionException, duckdb.InvalidInputException)


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n")
    return file


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{folder}/*')",
        "COPY chats FROM '{file}'",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/other.duckdb'",
        "ATTACH 'ducklake:{folder}/other.lake'",
        "INSTALL fts",
        "LOAD fts",
        "SET memory_limit = '9GB'",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "SET lock_configuration = false",
        "SET allowed_directories = ['/']",
        "SET autoinstall_known_extensions = true",
        "SET log_query_path = '{folder}/log'",
        "PRAGMA profiling_output = '{folder}/profile'",
    ],
)
def test_the_engine_reaches_nothing_outside(workbench, secret, sql):
    with pytest.raises(REFUSED):
        workbench.read(sql.format(file=secret, folder=secret.parent))
    assert [file.name for file in secret.parent.iterdir()] == ["secret.csv"]


def files_of(store) -> str:
    return f"{store.location.removeprefix('ducklake:')}.files"


@pytest.mark.parametrize("place", ["/../secret.csv", "x/secret.csv", "/./../../secret.csv"])
def test_no_store_reaches_the_surroundings_of_its_data_folder(workbench, place):
    with pytest.raises(REFUSED):
        workbench.read(f"COPY (SELECT 1) TO '{files_of(workbench)}{place}'")


def test_only_a_lake_reaches_its_data_folder(store):
    sql = f"SELECT count(*) AS n FROM glob('{files_of(store)}/**')"
    if store.is_lake:
        assert store.read(sql)[0]["n"] >= 0
    else:
        with pytest.raises(REFUSED):
            store.read(sql)


def test_a_query_that_is_larger_than_memory_spills_to_disk(location, monkeypatch):
    monkeypatch.setattr("lib.store.opening.MEMORY_LIMIT", "64MB")
    store = Store(location)
    sql = "SELECT text FROM (SELECT repeat(i::VARCHAR, 30) AS text FROM range(500000) t(i)) ORDER BY text OFFSET 499999"
    assert store.read(sql) == [{"text": "99999" * 30}]
    store.close()
