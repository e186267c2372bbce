"""Waiting lists: who waits, in which order, for which places, and who is offered one.

Whoever changes who gets what takes the list's lock (``places.lock``), after the process of the
case that is acted on and before anything else: one allocation at a time, and nobody waits in a
circle.
"""
