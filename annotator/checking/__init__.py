"""Checking rule files: ``lint`` finds what is doubtful in them, ``test`` runs their rules' examples."""

from .examples import Failure, Report, test
from .lint import Finding, lint

__all__ = ["Failure", "Finding", "Report", "lint", "test"]
