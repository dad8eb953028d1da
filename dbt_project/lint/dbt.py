"""For sqlfluff alone: dbt's cross-database macros (`dbt.dateadd`, ...) render as a placeholder."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    if name == "generate_series":
        return lambda *args, **kwargs: "select 1 as generated_number"
    if name.startswith("type_"):
        return lambda *args, **kwargs: "varchar"
    return lambda *args, **kwargs: f"dbt_{name}"
