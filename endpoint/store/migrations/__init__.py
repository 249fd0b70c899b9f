"""Migrations of the endpoint's file."""
