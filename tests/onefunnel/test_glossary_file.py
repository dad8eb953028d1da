from onefunnel import glossary_file


def test_every_public_table_and_column_is_described(manifest):
    silent = [
        f"{node['schema']}.{node['name']}{column}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] in ("definitions", "marts")
        for column, said in [
            ("", node["description"]),
            *((f".{one['name']}", one["description"]) for one in node["columns"].values()),
        ]
        if not said
    ]
    assert silent == []


def test_the_glossary_is_the_one_of_the_models(manifest):
    current = glossary_file.FILE.read_text(encoding="utf-8") == glossary_file.text(manifest)
    assert current, "docs/glossary.md says something else than the models: run `make glossary`"
