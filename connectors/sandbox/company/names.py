"""Words that names of invented people and companies are made of."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Ada Alan Amara Anna Ben Carla Chen Clara Daniel Diego Elena Emma Erik Fatima Felix Grace
    Hanna Hugo Ines Ivan Jack Jana Jonas Julia Karim Laura Leo Lena Liam Lucia Marco Maria
    Maya Mia Milan Nadia Nina Noah Nora Oliver Omar Paul Priya Rosa Sam Sara Sofia Tariq Theo
    Tom Uma Vera Victor Wei Yara Zoe José Zoë Søren Łucja
    """
)
LAST_NAMES = _words(
    """
    Abbott Adler Almeida Andersson Baker Bauer Becker Bianchi Brandt Brooks Carter Castillo
    Chan Clarke Costa Cruz Dahl Dubois Duarte Evans Fischer Fontaine Fraser Garcia Gupta Haas
    Hansen Hughes Ito Jansen Jensen Keller Khan Kowalski Kumar Lang Larsen Leroy Lindqvist
    Marino Martin Meyer Moreau Morris Murphy Nagy Nielsen Novak O'Brien Okafor Olsen Patel
    Petrov Quinn Reyes Ricci Rossi Schmidt Silva Singh Smit Tanaka Torres Vogel Walsh Weber
    Wong Young Zhang Müller Ibáñez Ångström
    """
)
COMPANY_HEADS = _words(
    """
    Aldan Amber Arbor Aster Balsam Beacon Birch Blue Bright Cedar Cobalt Copper Coral Crest
    Delta Drift Ember Fair Falcon Fen Garnet Granite Harbor Hazel Heron Indigo Iron Ivory
    Juniper Kestrel Lark Linden Lumen Maple Marble Meadow Mistral Nimbus North Oak Onyx Opal
    Orchid Pine Quartz Raven Ridge River Rowan Sable Sage Silver Slate Sterling Summit Tern
    Thistle Umber Vale Verdant Willow Wren Zephyr
    """
)
COMPANY_TAILS = _words(
    """
    bridge brook dale field forge gate grove haven hill lake line mark mere mill path peak
    point port reach stone stream view ward way well wood works
    """
)
