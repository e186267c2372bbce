"""Definitions as an administrator works on them: drafted, validated, tried, published, inherited.

A *document* is a definition as JSON in the order of its file. Its form carries no ``x-order``: the
members stand in the order in which people see the fields.
"""
