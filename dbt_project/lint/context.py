"""For sqlfluff alone: macros called by name (`context[name](column)`) render as a placeholder."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **kwargs: name
