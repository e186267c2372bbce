"""Fees that are paid online: demanded, asked after, waited for."""
