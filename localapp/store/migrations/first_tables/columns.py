"""Columns that many tables have."""

import sqlalchemy as sa


def texts(*names: str, nullable: bool = False) -> "list[sa.Column[str]]":
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def integers(*names: str) -> "list[sa.Column[int]]":
    return [sa.Column(name, sa.Integer) for name in names]


def of_document(*, primary: bool) -> "sa.Column[int]":
    return sa.Column("document_id", sa.Integer, sa.ForeignKey("document.id"), primary_key=primary, nullable=False)
