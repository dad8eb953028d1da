"""One module per kind of card: the figure that Python builds and owns, usable in a notebook.

Its twin in `static/7_kinds/` swaps the numbers when a filter changes and gives the card's table.
"""
